"""Units that answer at once: media without the time their machines need.

They let programs run on either engine before a device has to be timed. A card or record read is a
list of words; what is written is kept as lists of words, ended by the next select.
"""

from machines.ibm704 import Ibm704
from machines.ibm704.input_output import DONE, Answer, NothingAttached, Reply
from machines.ibm704.media import cards, tapes
from machines.ibm704.state import Stop

CARD_READER, PUNCH, PRINTER, CRT, IOD = 0o321, 0o341, 0o361, 0o030, 0o333
NO_MORE = Reply(Answer.STOP, why=Stop.NOT_READY)


class Reel:
    """A tape: records and where the head stands."""

    def __init__(self, records=()):
        self.records = list(records)
        self.head = 0

    def write(self, record):
        self.records[self.head :] = [record]
        self.head += 1


class AtOnce(NothingAttached):
    """Card reader, punch, printer, CRT and tapes.

    Parameters
    ----------
    deck
        Cards in the hopper.
    reels
        Tapes by number; reading one that is not there is an end of file.
    """

    def __init__(self, deck=(), reels=None):
        self.hopper = list(deck)
        self.reels = {} if reels is None else reels
        self.punched, self.printed, self.shown = [], [], []
        self.frames = 0
        self._incoming = self._outgoing = None
        self._finish = lambda: None
        self.runs_out = False

    def select(self, name, unit):
        self._finish()
        self._finish = lambda: None
        self._incoming = self._outgoing = None
        if name == "WRS" and unit == IOD:
            return DONE
        if unit in (PUNCH, PRINTER, CRT):
            self._outgoing = []
            kept = {PUNCH: self.punched, PRINTER: self.printed, CRT: self.shown}[unit]
            kept.append(self._outgoing)
        elif unit == CARD_READER:
            if not self.hopper and self.runs_out:
                return NO_MORE
            self.runs_out = not self.hopper
            self._incoming = cards.words_of(self.hopper.pop(0)) if self.hopper else []
        else:
            return self._tape(name, self.reels.setdefault(unit & 0o17, Reel()), unit & 0o20 != 0)
        return DONE

    def _tape(self, name, reel, binary):
        if name == "REW":
            reel.head = 0
        elif name == "BST":
            reel.head = max(0, reel.head - 1)
        elif name == "WEF":
            reel.write(tapes.FILE_MARK)
        elif name == "WRS":
            words = self._outgoing = []
            self._finish = lambda: words and reel.write(tapes.record_of(words, binary=binary))
        else:
            record = reel.records[reel.head] if reel.head < len(reel.records) else tapes.FILE_MARK
            reel.head += 1
            words = [] if record.is_mark else tapes.words_of(record, binary=binary)[0]
            self._incoming = words
        return DONE

    def copy(self, word):
        if self._outgoing is not None:
            self._outgoing.append(word)
            return DONE
        if self._incoming is None:
            return Reply(Answer.STOP, why=Stop.READ_WRITE_CHECK)
        if self._incoming == []:
            return Reply(skip=1)
        if self._incoming == [None]:
            return Reply(skip=2)
        word = self._incoming.pop(0)
        if not self._incoming:
            self._incoming = [None]
        return Reply(word=word, read=True)

    def sense(self, name, hub):
        self.frames += name == "CFF"
        return DONE

    def lines(self):
        """What was printed, by the characters of each line's image."""
        images = [cards.text_of(cards.from_words(words)) for words in self.printed]
        return [image.rstrip() for image in images]


def machine_with(program, engine="compiled", units=None):
    """A 704 with a program in storage, set to its start."""
    machine = Ibm704(engine=engine, units=units)
    for location, word in program.words.items():
        machine.deposit(location, [word])
    machine.operate("ibm704.register.IC", program.start)
    return machine
