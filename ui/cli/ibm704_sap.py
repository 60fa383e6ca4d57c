"""Source and media of the 704: assembling, taking decks apart again, and converting files."""

from __future__ import annotations

from pathlib import Path

import machines.ibm704
from machines.ibm704.media import cards, convert, decks
from machines.ibm704.media.cards import Card
from machines.ibm704.routines import standard_library
from machines.ibm704.sap import assemble as assembled
from machines.ibm704.sap import assemble_all, load, read_source
from machines.ibm704.sap import disassemble as disassembled
from machines.ibm704.words import ADDRESS
from simulator.errors import Mistake
from ui.cli import console
from ui.cli.ibm704_output import is_stream, write_out
from ui.cli.ibm704_set_up import is_deck, is_loadable, no_stream, recognised

LOADER = Path(machines.ibm704.__file__).parent / "programs" / "loader_card.sap"
_COUNTED = {"cbn": "cards", "text": "cards", "p7b": "records", "tap": "records", "drum": "words"}


def assemble(
    source: Path,
    out: Path | None,
    listing: Path | None,
    library: Path | None,
    loader: bool,
    as_json: bool,
) -> int:
    """Assemble source; the listing is printed even if there are errors."""
    _check_outputs({"source": source}, out=out, listing=listing)
    form = "" if out is None else convert.form_of(out)
    if form not in ("", "cbn", "text"):
        raise Mistake(f"{out}: a deck is .cbn, .dck, .crd or .txt; convert makes a tape of it")
    if library is not None and not library.is_dir():
        raise Mistake(f"{library}: no such folder of library routines")
    _check_source(source)
    programs = assemble_all(read_source(source), library=standard_library(library))
    if not programs:
        raise Mistake(f"{source}: no program in it")
    if listing:
        write_out(listing, "".join(one.listing for one in programs))
    errors = [error for one in programs for error in one.errors]
    if errors:
        rest = f" (and {len(errors) - 1} more)" if errors[1:] else ""
        raise Mistake(f"{source}: {errors[0]}{rest}")
    warnings = [str(warning) for one in programs for warning in one.warnings]
    for warning in warnings:
        console.say(f"{source}: {warning}")
    deck = [card for one in programs for card in one.deck()]
    if loader:
        deck = assembled(read_source(LOADER)).checked().deck() + deck
    if out:
        decks.write_deck(out, deck, form)
    symbols = {name: f"{value:05o}" for one in programs for name, value in one.symbols.items()}
    words = sum(len(block.words) for one in programs for block in one.blocks)
    starts = [one.start for one in programs if one.start is not None]
    if as_json:
        files = {"out": out, "listing": listing}
        result = {
            "source": str(source),
            "programs": len(programs),
            "words": words,
            "cards": len(deck),
            "start": f"{starts[0]:05o}" if starts else None,
            "symbols": symbols,
            "warnings": warnings or None,
            "files": {option: str(path) for option, path in files.items() if path},
        }
        console.write_json(console.document("704-assemble", result, machine="ibm704"))
    else:
        start = f", start {starts[0]:05o}" if starts else ""
        console.write(
            f"{out or source}: {words} words, {len(deck)} cards, {len(symbols)} symbols{start}\n"
        )
    return 0


def _check_outputs(inputs: dict[str, Path], **paths: Path | None) -> None:
    """Check the files to write; devices and pipes, which take a text as it comes, need no check."""
    files = {option: path for option, path in paths.items() if path and not is_stream(path)}
    console.check_outputs(inputs, {}, **files)


def _check_source(source: Path) -> None:
    form = recognised(source)
    if form == "cbn" or (form == "text" and is_deck(source)):
        raise Mistake(f"{source}: a binary deck, no source; 704 disassemble makes source of it")
    if form != "text":
        raise Mistake(f"{source}: a tape or a drum, no source")


def disassemble(deck: Path, out: Path | None, start: str | None) -> int:
    """Write a deck as source."""
    _check_outputs({"deck": deck}, out=out)
    if recognised(deck) not in ("cbn", "text"):
        raise Mistake(f"{deck}: a tape or a drum; make cards of it first, by 704 convert")
    words, of_deck = _words_of(list(decks.read_deck(deck)), deck)
    text = disassembled(words, start=_start(start, of_deck, words))
    if out:
        write_out(out, text)
        console.say(f"{out}: {len(words)} words")
    else:
        console.write(text)
    return 0


def _words_of(deck: list[Card], path: Path) -> tuple[dict[int, int], int | None]:
    """Take the words off a deck: ABS and REL cards by location, any other from 0 on."""
    if not deck:
        raise Mistake(f"{path}: no cards in it")
    if all(cards.text_of(card) is not None for card in deck):
        raise Mistake(f"{path}: cards of text, not a binary deck; assemble it")
    behind = 0 if is_loadable(deck[0]) else 1
    if deck[behind:] and is_loadable(deck[behind]):
        if behind:
            console.say(f"{path}: the first card loads the others, and is left out")
        loaded = load(deck[behind:], name=str(path))
        if not loaded.words:
            raise Mistake(f"{path}: no words on its cards")
        return loaded.words, loaded.start
    every = [word for card in deck for word in cards.words_of(card)]
    while every and not every[-1]:
        every.pop()
    return dict(enumerate(every)), 0


def _start(text: str | None, of_deck: int | None, words: dict[int, int]) -> int | None:
    if text is None:
        return of_deck if of_deck in words else None
    if text == "none":
        return None
    try:
        start = int(text, 8)
    except ValueError:
        start = -1
    if not 0 <= start <= ADDRESS or start not in words:
        raise Mistake(f"--start {text}: no octal location of the deck, nor none")
    return start


def convert_file(source: Path, target: Path, as_json: bool) -> int:
    """Write a medium in another form."""
    console.check_outputs({"source": source}, {}, target=target)
    no_stream(source)
    form = convert.form_of(target)
    count = convert.convert(source, target)
    what = _COUNTED[form]
    if as_json:
        result = {"source": str(source), "form": form, "count": count, "what": what}
        files = {"files": {"target": str(target)}}
        console.write_json(console.document("704-convert", result | files, machine="ibm704"))
    else:
        console.write(f"{target}: {count} {what}\n")
    return 0
