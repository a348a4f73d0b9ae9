"""Words that may mean someone is in distress: said plainly, so that a person looks at once."""

import re
from typing import Final

# Phrases people in danger use of themselves. What is said of homework (“this is killing me”) is not among them.
PHRASES: Final = (
    r"kill(?:ing)? myself",
    r"end(?:ing)? my (?:own )?life",
    r"end(?:ing)? it all",
    r"tak(?:e|ing) my (?:own )?life",
    r"suicid(?:e|al)",
    r"(?:want|wanted|wish|like|rather|going) to die",
    r"(?:wish|better off if) i (?:was|were) (?:dead|never born|not alive)",
    r"better off without me",
    r"(?:don'?t|do not|no longer) want to (?:live|be alive|be here any ?more|exist|wake up)",
    r"(?:hurt|harm|cut)(?:ting|ing)? myself",
    r"self[- ]harm(?:ing)?",
    r"no (?:reason|point) (?:to|in) (?:live|living|go on living)",
    r"can'?t (?:go on|take it|do this) any ?more",
    r"(?:life|everything) is (?:not worth|hopeless|pointless)",
    r"(?:i am|i'?m|i feel|feeling) (?:completely |so |totally )?(?:hopeless|worthless|desperate)",
    r"panic attacks?",
)
_SAID: Final = re.compile(rf"\b(?:{'|'.join(PHRASES)})\b", re.IGNORECASE)
_CURLY: Final = str.maketrans({"’": "'", "‘": "'", "\n": " "})


def sounds_like_distress(words: str) -> bool:
    """Say whether words may mean that someone is in distress; a person finds out whether they do."""
    return _SAID.search(re.sub(r"\s+", " ", words.translate(_CURLY))) is not None
