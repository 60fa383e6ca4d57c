import io
import os
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from simulator.errors import Mistake
from simulator.stimuli import LETTERS, figure, folder, letter, picture
from simulator.stimuli.area import area_average


def save(levels, path, enlarge=10, **options):
    """Write levels as a picture with each cell drawn ``enlarge`` pixels wide."""
    big = levels.repeat(enlarge, axis=0).repeat(enlarge, axis=1)
    Image.fromarray(big).save(path, **options)
    return path


def photograph(levels, path, *, brightest=230, dimmest_share=0.3, dark_figure=False, seed=0):
    """Photograph a letter: soft edges, light falling off to one side, grain, JPEG."""
    side = 400
    soft = Image.fromarray(levels).resize((side, side), Image.Resampling.BICUBIC)
    figure_share = np.asarray(soft) / 255
    paper = 0.15 + 0.7 * (1 - figure_share if dark_figure else figure_share)
    y, x = np.mgrid[0:side, 0:side] / (side - 1)
    lamp = dimmest_share + (1 - dimmest_share) * (0.7 * x + 0.3 * y)
    grain = np.random.default_rng(seed).normal(0, 8, (side, side))
    seen = np.clip(brightest * paper * lamp + grain, 0, 255).astype(np.uint8)
    Image.fromarray(np.stack([seen] * 3, axis=-1)).save(path, quality=70)
    return path


@pytest.mark.parametrize("suffix", ["png", "gif", "bmp", "tiff", "webp", "jpg", "JPEG"])
def test_drawn_letter_comes_back_from_every_format(tmp_path, suffix):
    assert np.array_equal(picture(save(letter("R"), tmp_path / f"r.{suffix}")), letter("R"))


@pytest.mark.parametrize("threshold", [128, "128", 1.5, "mean", "otsu", "local", "none"])
def test_drawn_letter_comes_back_with_every_threshold(tmp_path, threshold):
    path = save(letter("K"), tmp_path / "k.png")
    assert np.array_equal(picture(path, threshold=threshold), letter("K"))


@pytest.mark.parametrize("threshold", [128, "mean", "otsu", "local", "none"])
@pytest.mark.parametrize("character", "EXWM")
def test_black_letter_on_white_is_lit_when_inverting_is_automatic(tmp_path, threshold, character):
    path = save(255 - letter(character), tmp_path / "black.png")
    assert np.array_equal(picture(path, threshold=threshold), letter(character))
    as_it_is = picture(path, threshold=threshold, invert=False)
    assert np.array_equal(as_it_is, 255 - letter(character))
    assert np.array_equal(picture(path, threshold=threshold, invert=True), letter(character))


def test_figure_that_fills_most_of_the_retina_stays_lit(tmp_path):
    square = figure("square", 18)
    assert np.array_equal(picture(save(square, tmp_path / "s.png")), square)


@pytest.mark.parametrize("dark_figure", [False, True])
@pytest.mark.parametrize("character", LETTERS)
def test_photographed_letter_in_uneven_light_is_read_against_its_lighting(
    tmp_path, character, dark_figure
):
    path = photograph(letter(character), tmp_path / "photo.jpg", dark_figure=dark_figure)
    assert (picture(path, threshold="local") != letter(character)).sum() <= 4


def test_uneven_light_defeats_a_single_threshold(tmp_path):
    path = photograph(letter("T"), tmp_path / "photo.jpg", dark_figure=True)
    assert (picture(path, threshold="otsu") != letter("T")).sum() > 20


def test_lighting_alone_is_not_taken_for_a_figure(tmp_path):
    blank = photograph(np.zeros((20, 20), dtype=np.uint8), tmp_path / "blank.jpg")
    with pytest.raises(Mistake, match="no figure"):
        picture(blank, threshold="local")


def test_each_cell_is_the_exact_mean_of_its_area(tmp_path):
    pixels = np.random.default_rng(1).integers(0, 256, (90, 130)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "grey.png")
    fine = pixels.repeat(20, axis=0).repeat(20, axis=1).astype(np.int64)
    means = fine.reshape(20, 90, 20, 130).mean(axis=(1, 3))
    cells = picture(tmp_path / "grey.png", threshold="none", invert=False)
    assert np.abs(cells - means).max() <= 0.5


@pytest.mark.parametrize("turn", range(1, 9))
def test_photograph_on_its_side_is_set_upright(tmp_path, turn):
    undo = {1: 0, 3: 2, 6: 1, 8: 3}  # quarter turns counter-clockwise that EXIF will take back
    stored = np.rot90(letter("F"), undo[turn]) if turn in undo else None
    if turn in (2, 4, 5, 7):
        flips = {2: np.fliplr, 4: np.flipud, 5: np.transpose, 7: lambda a: np.rot90(a, 2).T}
        stored = flips[turn](letter("F"))
    exif = Image.Exif()
    exif[0x0112] = turn
    path = save(stored, tmp_path / "side.jpg", exif=exif)
    assert np.array_equal(picture(path), letter("F"))


def test_damaged_exif_data_do_not_matter(tmp_path):
    path = save(letter("F"), tmp_path / "f.jpg", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x7f")
    assert np.array_equal(picture(path), letter("F"))


@pytest.mark.parametrize("ink", [0, 255])
@pytest.mark.parametrize("invert", ["auto", None])
def test_figure_on_a_transparent_ground_is_seen_whatever_its_ink(tmp_path, ink, invert):
    rgba = np.full((20, 20, 4), ink, dtype=np.uint8)
    rgba[..., 3] = letter("S")
    path = save(rgba, tmp_path / "clear.png")
    cells = picture(path, invert=ink == 0 if invert is None else invert)
    assert np.array_equal(cells, letter("S"))


def test_palette_with_a_transparent_colour_is_understood(tmp_path):
    image = Image.fromarray((letter("S") // 255).repeat(5, axis=0).repeat(5, axis=1), mode=None)
    image = image.convert("P")
    image.putpalette([255, 255, 255, 255, 255, 0])
    image.save(tmp_path / "p.gif", transparency=0)
    assert np.array_equal(picture(tmp_path / "p.gif"), letter("S"))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "LA", "I;16"])
def test_every_kind_of_pixel_is_understood(tmp_path, mode):
    big = letter("G").repeat(4, axis=0).repeat(4, axis=1)
    if mode == "I;16":
        image = Image.fromarray(big.astype(np.uint16) * 257)
    else:
        image = Image.fromarray(big).convert(mode)
    path = tmp_path / ("g.tiff" if mode == "CMYK" else "g.png")
    image.save(path)
    assert np.array_equal(picture(path), letter("G"))


def test_first_frame_of_an_animation_is_shown(tmp_path):
    frames = [Image.fromarray(letter(c).repeat(2, axis=0).repeat(2, axis=1)) for c in "AB"]
    frames[0].save(tmp_path / "ab.gif", save_all=True, append_images=frames[1:])
    assert np.array_equal(picture(tmp_path / "ab.gif"), letter("A"))


def test_central_square_is_not_stretched(tmp_path):
    wide = np.zeros((20, 34), dtype=np.uint8)
    wide[:, 7:27] = letter("A")
    path = save(wide, tmp_path / "wide.png")
    assert np.array_equal(picture(path, crop="square"), letter("A"))
    assert not np.array_equal(picture(path), letter("A"))


@pytest.mark.parametrize("ground", [0, 255])
def test_small_letter_in_a_corner_is_found_and_fills_the_retina(tmp_path, ground):
    page = np.zeros((300, 500), dtype=np.uint8)
    page[160:280, 20:140] = letter("E").repeat(6, axis=0).repeat(6, axis=1)
    for row, column in ((3, 3), (60, 440), (290, 300)):
        page[row : row + 6, column : column + 6] = 255  # specks of dust
    Image.fromarray(page ^ np.uint8(ground)).save(tmp_path / "page.png")
    cells = picture(tmp_path / "page.png", crop="figure")
    assert (cells != letter("E")).sum() <= 30
    assert cells[1].max() == 0
    assert cells[3, 5:15].min() == 255


def test_beyond_the_edge_of_the_picture_its_ground_goes_on(tmp_path):
    page = np.zeros((100, 100), dtype=np.uint8)
    page[:60, :60] = 255
    page[97:, 97:] = 60
    Image.fromarray(page).save(tmp_path / "corner.png")
    cells = picture(tmp_path / "corner.png", crop="figure")
    assert (cells[:18, :18] == 255).all()
    assert (cells[18:] == 0).all()


def test_other_retinas_are_served(tmp_path):
    path = save(letter("A"), tmp_path / "a.png")
    assert np.array_equal(picture(path, 10, 40), letter("A", 10, 40))
    assert picture(path, 10, 16, crop="square").shape == (10, 16)
    assert picture(path, 10, 16, crop="figure").shape == (10, 16)


def refusal(path, **options):
    with pytest.raises(Mistake) as caught:
        picture(path, **options)
    line = str(caught.value)
    assert "\n" not in line
    assert str(path) in line
    return line


def test_missing_file_is_refused(tmp_path):
    assert "no such file" in refusal(tmp_path / "none.png")


def test_folder_given_for_a_picture_is_refused(tmp_path):
    assert "folder" in refusal(tmp_path)


def test_pipe_is_refused_rather_than_waited_for(tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    os.mkfifo(tmp_path / "pipe.png")
    assert "not an ordinary file" in refusal(tmp_path / "pipe.png")


def test_text_called_png_is_refused(tmp_path):
    (tmp_path / "text.png").write_text("I am no picture")
    assert "not a picture" in refusal(tmp_path / "text.png")
    (tmp_path / "empty.png").touch()
    assert "not a picture" in refusal(tmp_path / "empty.png")


def test_postscript_is_not_run(tmp_path):
    Image.fromarray(letter("A")).save(tmp_path / "a.eps")
    (tmp_path / "a.eps").rename(tmp_path / "a.png")
    assert "not a picture" in refusal(tmp_path / "a.png")


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "bmp", "tiff", "webp"])
def test_picture_cut_short_is_refused(tmp_path, suffix):
    grain = np.random.default_rng(1).integers(0, 256, (64, 64)).astype(np.uint8)
    path = tmp_path / f"cut.{suffix}"
    Image.fromarray(grain).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "tiff", "webp"])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_bytes_give_a_picture_or_one_line(tmp_path, suffix, data):
    whole = io.BytesIO()
    formats = {"jpg": "JPEG", "tiff": "TIFF"}
    Image.fromarray(letter("A")).save(whole, formats.get(suffix, suffix.upper()))
    damaged = bytearray(whole.getvalue())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    path = tmp_path / f"damaged.{suffix}"
    path.write_bytes(damaged)
    try:
        cells = picture(path)
    except Mistake:
        return
    assert cells.shape == (20, 20)


@pytest.mark.parametrize("third_byte_of_width", [1, 3, 16, 49])
def test_tiff_with_a_damaged_width_gives_one_line_at_once(tmp_path, third_byte_of_width):
    # the damage behind a test run of 42 seconds: 20 x 20 pixels became 3,211,284 x 20
    path = tmp_path / "damaged.tiff"
    Image.fromarray(letter("A")).save(path)
    damaged = bytearray(path.read_bytes())
    width = damaged.index(struct.pack("<HHI", 256, 4, 1)) + 8
    damaged[width + 2] = third_byte_of_width
    path.write_bytes(damaged)
    assert "one side more than 128 times the other" in refusal(path)


def test_single_pixel_is_refused(tmp_path):
    path = save(np.full((1, 1), 255, dtype=np.uint8), tmp_path / "dot.png", enlarge=1)
    assert "1 x 1 pixels, smaller than the retina of 20 x 20" in refusal(path)


def test_figure_smaller_than_the_retina_is_refused(tmp_path):
    page = np.zeros((80, 80), dtype=np.uint8)
    page[30:38, 30:38] = 255
    path = save(page, tmp_path / "page.png", enlarge=1)
    assert "smaller than the retina" in refusal(path, crop="figure")


def png_of_header_only(path, width, height):
    """Write a PNG of the size its header says, of which only the first 1000 bytes are there."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(1000)))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b""))
    return path


@pytest.mark.parametrize("side", [8_200, 10_000, 60_000])
def test_huge_picture_is_refused_from_its_header(tmp_path, side):
    path = png_of_header_only(tmp_path / "bomb.png", side, side)
    assert "more than 67,108,864 pixels" in refusal(path)


@pytest.mark.parametrize("crop", ["none", "square", "figure"])
@pytest.mark.parametrize(
    ("width", "height"), [(200_000, 100), (3_300_000, 20), (20, 3_300_000), (2561, 20)]
)
def test_overlong_picture_is_refused_from_its_header(tmp_path, width, height, crop):
    path = png_of_header_only(tmp_path / "ribbon.png", width, height)
    line = refusal(path, crop=crop)
    assert f"{width} x {height} pixels, one side more than 128 times the other; crop it" in line


@pytest.mark.parametrize("crop", ["none", "square", "figure"])
def test_picture_as_long_as_the_longest_retina_is_shown(tmp_path, crop):
    ribbon = np.zeros((8, 1024), dtype=np.uint8)
    ribbon[:, 300:700] = 255
    path = save(ribbon, tmp_path / "ribbon.png", enlarge=2)
    assert picture(path, 8, 1024, crop=crop).shape == (8, 1024)


def most_bytes_held(work):
    """Tell how many bytes of arrays there were at once while ``work`` was done."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("turned", [False, True])
def test_cropping_a_long_picture_to_its_figure_takes_no_square_of_its_length(tmp_path, turned):
    ribbon = np.zeros((100, 12_800), dtype=np.uint8)
    ribbon[:, 5000:8000] = 255
    Image.fromarray(ribbon.T if turned else ribbon).save(tmp_path / "ribbon.png")
    assert most_bytes_held(lambda: picture(tmp_path / "ribbon.png", crop="figure")) < 2**25


@pytest.mark.parametrize("shape", [(20, 100_000), (100_000, 20), (1500, 1500)])
@pytest.mark.parametrize("cells", [(20, 20), (8, 1024), (80, 1)])
def test_averaging_takes_memory_for_a_part_of_the_picture_only(shape, cells):
    levels = np.zeros(shape, dtype=np.uint8)
    assert most_bytes_held(lambda: area_average(levels, *cells)) < 2**24


@given(st.data())
def test_average_over_any_window_is_exact_with_the_edge_going_on(data):
    few = st.integers(1, 12)
    height, width, rows, columns, tall, broad = (data.draw(few) for _ in range(6))
    top, left = data.draw(st.integers(-20, 20)), data.draw(st.integers(-20, 20))
    seed = data.draw(st.integers(0, 2**32 - 1))
    levels = np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.uint8)
    take_rows = np.clip(np.arange(top, top + tall), 0, height - 1)
    take_columns = np.clip(np.arange(left, left + broad), 0, width - 1)
    seen = levels[take_rows][:, take_columns].astype(np.int64)
    fine = seen.repeat(rows, axis=0).repeat(columns, axis=1)
    sums = fine.reshape(rows, tall, columns, broad).sum(axis=(1, 3))
    means = (2 * sums + tall * broad) // (2 * tall * broad)
    window = (top, left, tall, broad)
    assert np.array_equal(area_average(levels, rows, columns, window), means)


def test_picture_of_many_bands_is_averaged_exactly():
    levels = np.random.default_rng(3).integers(0, 256, (1400, 1330)).astype(np.uint8)
    sums = levels.reshape(20, 70, 19, 70).sum(axis=(1, 3), dtype=np.int64)
    assert np.array_equal(area_average(levels, 20, 19), (2 * sums + 4900) // 9800)


def test_file_that_the_system_denies_is_refused(tmp_path, monkeypatch):
    path = save(letter("A"), tmp_path / "a.png")

    def deny(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", deny)
    assert "permission denied" in refusal(path)


@pytest.mark.parametrize(
    ("level", "threshold", "words"),
    [
        (100, 200, "all dark"),
        (100, 50, "all lit"),
        (100, "mean", "no figure"),
        (100, "otsu", "no figure"),
        (100, "local", "no figure"),
    ],
)
@pytest.mark.parametrize("crop", ["none", "figure"])
def test_picture_without_contrast_is_refused_with_a_cure(tmp_path, level, threshold, words, crop):
    path = save(np.full((20, 20), level, dtype=np.uint8), tmp_path / "flat.png")
    line = refusal(path, threshold=threshold, crop=crop)
    assert words in line
    assert "threshold" in line


def test_grey_levels_of_a_flat_picture_are_kept(tmp_path):
    path = save(np.full((20, 20), 100, dtype=np.uint8), tmp_path / "flat.png")
    assert (picture(path, threshold="none") == 100).all()


@pytest.mark.parametrize(
    "options",
    [
        {"threshold": "best"},
        {"threshold": 256},
        {"threshold": -1},
        {"threshold": float("nan")},
        {"threshold": "nan"},
        {"crop": "round"},
        {"invert": "perhaps"},
        {"rows": 3},
        {"columns": 5000},
    ],
)
def test_unknown_options_are_refused(tmp_path, options):
    path = save(letter("A"), tmp_path / "a.png")
    with pytest.raises(Mistake):
        picture(path, **options)


def test_folder_of_folders_has_a_class_for_each(tmp_path):
    for name, characters in {"vowel": "EA", "consonant": "XB"}.items():
        (tmp_path / name).mkdir()
        for character in characters:
            save(letter(character), tmp_path / name / f"{character}.png")
    shown = folder(tmp_path)
    assert shown.classes == ("consonant", "vowel")
    assert shown.names == ("consonant/B.png", "consonant/X.png", "vowel/A.png", "vowel/E.png")
    assert shown.labels.tolist() == [0, 0, 1, 1]
    assert np.array_equal(shown.levels[3], letter("E"))


def test_class_of_a_file_is_what_its_name_begins_with(tmp_path):
    for name in ("E-1.png", "E2.PNG", "square_3.gif", "7.png", "7-b.png", "X.png"):
        save(letter("A"), tmp_path / name)
    shown = folder(tmp_path)
    assert shown.classes == ("7", "E", "X", "square")
    assert shown.labels.tolist() == [0, 0, 1, 1, 2, 3]
    assert shown.names[:2] == ("7-b.png", "7.png")


def test_classes_are_sorted_by_their_own_names_not_by_their_files(tmp_path):
    for name in ("aB.png", "a_1.png"):
        save(letter("A"), tmp_path / name)
    shown = folder(tmp_path)
    assert shown.classes == ("a", "aB")
    assert shown.names == ("a_1.png", "aB.png")


def test_hidden_files_and_other_files_are_passed_over(tmp_path):
    save(letter("A"), tmp_path / "A.png")
    for name in (".hidden.png", "._A.png", "notes.txt", "Thumbs.db", "A"):
        (tmp_path / name).write_text("no picture")
    (tmp_path / ".cache").mkdir()
    assert folder(tmp_path).names == ("A.png",)


def test_files_and_sub_folders_of_one_name_form_one_class(tmp_path):
    save(letter("A"), tmp_path / "A-1.png")
    (tmp_path / "A").mkdir()
    save(letter("A"), tmp_path / "A" / "other.png")
    assert folder(tmp_path).classes == ("A",)
    assert len(folder(tmp_path)) == 2


def folder_refusal(path):
    with pytest.raises(Mistake) as caught:
        folder(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_folders_that_cannot_serve_are_refused(tmp_path):
    assert "no such folder" in folder_refusal(tmp_path / "none")
    assert "no picture in this folder" in folder_refusal(tmp_path)
    path = save(letter("A"), tmp_path / "A.png")
    assert "it is a file" in folder_refusal(path)
    (tmp_path / "B").mkdir()
    (tmp_path / "B" / "notes.txt").touch()
    assert "no picture in this sub-folder" in folder_refusal(tmp_path)
    assert str(tmp_path / "B") in folder_refusal(tmp_path)


def test_file_without_a_class_in_its_name_is_refused(tmp_path):
    save(letter("A"), tmp_path / "--1.png")
    assert "neither letter nor digit" in folder_refusal(tmp_path)


def test_damaged_picture_in_a_folder_is_named(tmp_path):
    save(letter("A"), tmp_path / "A.png")
    (tmp_path / "B.png").write_bytes(b"\x89PNG")
    assert "B.png" in folder_refusal(tmp_path)


def test_folder_that_the_system_denies_is_refused(tmp_path, monkeypatch):
    def deny(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.iterdir", deny)
    assert "permission denied" in folder_refusal(tmp_path)
