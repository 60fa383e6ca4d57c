"""The media of the 704 in files: cards, tapes, drums, and the characters on them.

* :mod:`~machines.ibm704.media.codes`: six-bit characters in storage, on cards, on tape;
* :mod:`~machines.ibm704.media.cards`: a card, its 24 words and its text;
* :mod:`~machines.ibm704.media.decks`: ``.cbn`` and text decks;
* :mod:`~machines.ibm704.media.tapes`: p7b and SIMH ``.tap`` tapes;
* :mod:`~machines.ibm704.media.drums`: drum files;
* :mod:`~machines.ibm704.media.convert`: from any to any.

Bytes and layouts stand in docs/formats.md.
"""
