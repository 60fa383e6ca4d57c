import pygame
import pytest


@pytest.fixture(autouse=True)
def _dummy_screen(monkeypatch):
    """SDL looks at these when its display is opened; only these tests shall do without."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    pygame.display.quit()
    yield
    pygame.display.quit()
