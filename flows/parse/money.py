"""Decide what the amounts of money of a release are: announced spending, a cost, trade, a fine and so on.

The kind of an amount is decided by words of its sentence, the nearest first: the noun after it (`$5 million package`,
`$5 million in exports`), the verb or noun before it (`invest $5 million`, `a fine of $5,000`), then the words around
it. An item of a list takes the words before the list. Where no word decides, the kind is `unknown`.
"""

import re
from bisect import bisect_right
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from flows.parse.amounts import Amount, find_amounts
from flows.parse.facts import BARE_ADDRESSES, LINK_ADDRESS, SENTENCE_END

_LARGEST_SPENDING = Decimal(150_000_000_000)  # New Zealand dollars; all spending of a year was less in every year

SPENDING, TOTAL, COST, TRADE = "announced_spending", "programme_total", "cost", "revenue_or_trade"
MARKET, FINE, PERSON, UNKNOWN = "market_size", "fine_or_award", "per_person", "unknown"
_OTHER = "other"  # what is none of these, such as a surplus; published as unknown


class Money(NamedTuple):
    """An amount of money, and what its sentence says about it. Places count characters of the text from 0."""

    printed: str
    amount: Decimal  # in units of the currency, with two decimal places
    currency: str | None  # ISO code; None where a plain $ is printed
    kind: str
    is_commitment: bool  # public money that the sentence promises or grants now
    period: str | None  # such as `per year` or `over 4 years`
    doubt: str | None  # code of the reason to doubt the amount
    sentence_place: int
    sentence_length: int


# What a word near an amount says about its kind. `rate` cues make small amounts those of a person.
_CUES = {
    SPENDING: (
        r"provid\w+|invest(?:s|ed|ing|ments?)?|allocat\w+|commit(?:s|ted|ting|ments?)?|co-?fund\w*|funded|funding"
        r"|grants?|granted|granting|spend(?:s|ing)?|spent|receiv\w+|contribut\w+|approv\w+|announc\w+|boost\w*"
        r"|inject\w*|earmark\w*|award(?:s|ed|ing)?|support(?:s|ed|ing)?|deliver\w*|subsid\w+|loans?|pledg\w+"
        r"|donat\w+|appropriat\w+|reprioriti\w+|available|aside|aid|assistance|budgeted|secured|backing|backed"
        r"|gave|giving|given|uplift|tagged|recipients?|dedicated|distributed|disbursed|ring-?fenced|cash|rebates?"
        r"|bailout|handout|capital|underwrit\w+|suspensory|top-up|t[aā]paetia|p[uū]tea|tautoko"
        r"|whakapaunga|gets?|getting|puts|putting"
    ),
    TOTAL: (
        r"packages?|funds?|program(?:me)?s?|projects?|plans?|schemes?|strateg\w+|initiatives?|budgets?|upgrades?"
        r"|redevelopments?|developments?|buildings?|cent(?:re|er)s?|schools?|roads?|bridges?|motorways?|highways?"
        r"|facilit(?:y|ies)|hospitals?|plants?|wharf|library|museum|stadium|refurbishment|expansion|extension"
        r"|works|units?|campaigns?|pool|bypass|interchange|tunnel|complex|wing|block|renovations?|restoration"
        r"|construction|partnerships?|contracts?|trials?|pilots?|service|agreement|network|reforms?|responses?"
        r"|policy|reserve|housing|homes|deal|purchase|campus|prison|pipeline|dam|trail|cycleway|allocation"
        r"|stations?|laborator(?:y|ies)|labs?|theatres?|arena|courthouse|route|track|line|systems?|ships?|vessels?"
        r"|fleet|aircraft|venture|survey|rescue|relief"
    ),
    COST: (
        r"cost\w*|price\w*|damages?|loss(?:es)?|lost|bill|expens\w+|paid|pays?|paying|charg\w+|burden|wasted?|toll"
        r"|blowouts?|overruns?"
    ),
    TRADE: (
        r"export\w*|import(?:s|ed)?|trade|trading|earn(?:s|ed|ings?|ers?)?|revenues?|receipts|turnovers?|sales?"
        r"|sold|profit\w*|dividends?|collected|raised|generat\w+|gdp|econom(?:y|ies|ic)|industr(?:y|ies)|sectors?"
        r"|valued|business|orders?|returns|proceeds|markets?|tourism|visitors?|takings|productivity|harvest|tax|taxes"
        r"|shipments|two-way|bilateral"
    ),
    FINE: (
        r"fin(?:e|es|ed|ing)|penalt\w+|infringements?|reparations?|compensat\w+|prizes?|prizemoney|redress|quantum"
        r"|ex-gratia|settlements?|stakes|winners?|wins?|won|winning|scholarships?|damages|convicted|imprisonment"
        r"|bounty|reward|offen[cs]es?|jackpot"
    ),
    PERSON: (
        r"wages?|salar\w+|allowances?|benefits?|thresholds?|fees?|rates?|lev(?:y|ies)|premiums?|pensions?"
        r"|entitlements?|superannuat\w+|weekly|fortnightly|hourly|rents?|earners?|households?|famil(?:y|ies)"
        r"|couples?|incomes?|worker|co-?payments?|limits?|caps?|maximum|individuals?|instalments?|credits?"
        r"|repayments?|payments?|deposit|abatement|exemption|fares?|surcharge|part-charge|bonus|voucher|student"
    ),
    _OTHER: (
        r"deficits?|surplus(?:es)?|obegal|debts?|liabilit\w+|shortfalls?|cuts?|cutting|reduc\w+|borrow\w*|equity"
        r"|assets?|portfolio|qualifying|overspend\w*|underfund\w*|underspend\w*|hole|save|saves|saved|savings?"
        r"|stolen|lower|higher|seiz\w+|forfeit\w*|restrain\w+|valuation|write-?\w+|claw\w*|refund\w*|owed|owes?"
        r"|outstanding|black"
    ),
}
_CUE = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _CUES.items()))
_TOKEN = re.compile(r"[^\W_](?:[\w'\u2019-]*\w)?|[,;:.()]|\s[\u2013\u2014-]\s")
# Words between a verb or noun and the amount it governs: `invest up to a further $5 million`.
_FILLERS_TEXT = (
    "a about additional almost already also an and another approx approximate approximately are around as at"
    " average be been between budget by close currently estimated exceed exceeding exceeds excess expected extra"
    " first for forecast from further has her his huge in initial into is it its just least less massive more much"
    " nearly new not now nz of on only or our over projected reach reached reaching record roughly some than that"
    " the their then these this to total totaled totalled totalling under up upwards was well were what which"
    " whopping will with worth would"
)
_FILLERS = frozenset(_FILLERS_TEXT.split())
_NOUN_PHRASE_ENDS_TEXT = (
    "a about across after against also an and annually are as at be because been before being between but by"
    " can compared could down during each every for from get gets getting had has have he her his if include"
    " includes including into is it just may on or out over per said says she should since so than that the"
    " their then these they this those through to toward towards under until up via was we were when where"
    " which while who will with within would"
)
_NOUN_PHRASE_ENDS = frozenset(_NOUN_PHRASE_ENDS_TEXT.split())
_AFTER = 110  # characters after an amount that are read
_BEFORE = 200  # characters before an amount that are read
_LEAD = 420  # characters before the sentence of an amount that are read
_MOST = 400  # characters of a sentence, on either side of the amount, that are kept

_UNIT_OF_RATE = (
    r"week|fortnight|hour|day|night|month|head|person|people|adult|child|student|tonne|kg|kilo\w*|litre|hectare|share"
    r"|house|home|household|family|vehicle|worker|employee|passenger|dose|visit|member|couple|farmer|pupil|patient|bed"
    r"|unit|ticket|trip|claim|application|cubic|gigajoule|mwh|kwh|megawatt|barrel|carton|kilogram|pack|packet|taxpayer"
    r"|individual|place|participant|recipient|annum|year|capita|property|dwelling|room|animal|cow|sheep|lamb|stock|gj|mw"
    r"|semester|term|session|prescription|item|consultation|learner|trainee|apprentice|school|ton"
)
_RATE = re.compile(
    rf"[\s)*\u201d\"]*(?:(?:a|an|per|each|every|for (?:a|each|every)|/)[ ]?(?P<unit>{_UNIT_OF_RATE})\b"
    r"|(?P<each>each|apiece|weekly|fortnightly|hourly)\b|p\.?(?P<letter>[aw])\b)"
)
_PERSONAL_WORDS = re.compile(r"\b(?:thresholds?|incomes?|wages?|salar(?:y|ies)|fees?|allowances?|premiums?)\b")
_PRIZE = re.compile(r"\b(?:winners?|prizes?|fine[ds]?|finalists?|penalt(?:y|ies)|infringement|reparation)\b")
_PER_EVERY = re.compile(r"(?:per|every|each)\s*$")
_COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SPELLED = {word: str(number) for number, word in enumerate(_COUNTS, 2)}
_COUNT = rf"\d{{1,2}}|{'|'.join(_COUNTS)}"
_OVER_YEARS = re.compile(
    rf"\b(?:(?:over|across|for|during|within)[ ](?:the[ ])?(?:a[ ])?"
    rf"(?:(?:next|past|last|coming|first|following|full|further)[ ])?(?P<years>{_COUNT})"
    rf"(?:[ -]year period|[ ](?:financial[ ])?years?)\b(?! (?:ago|old))|(?P<long>{_COUNT})-year\b(?!-old))"
)
_PERIODS = {
    "year": "year", "annum": "year", "annually": "year", "annual": "year", "yearly": "year", "quarter": "quarter",
    "month": "month", "monthly": "month", "fortnight": "fortnight", "fortnightly": "fortnight", "week": "week",
    "weekly": "week", "day": "day", "daily": "day", "night": "night", "hour": "hour", "hourly": "hour",
}  # fmt: skip
_PER = re.compile(
    r"\b(?:(?:a|per|each|every)[ ](?P<unit>year|annum|week|fortnight|month|day|hour|night|quarter)\b"
    r"|(?P<adverb>annually|annual|weekly|fortnightly|monthly|hourly|daily|yearly)\b)"
)
_NEAR = 70  # characters after an amount in which its period is looked for
_NEARER = 40  # the same, for `per year`
_BACK = 60  # characters before it
_MARKUP = str.maketrans(dict.fromkeys("*_#>[]|\n\t", " ") | {"\u2019": "'", "\u201c": '"', "\u201d": '"'})
_LINK_REST = re.compile(r"\(\s*\)|\((?:incl|excl|plus|gst)[^)]{0,20}\)", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[\u2022\u00b7]|(?:[-\u2013\u2014*o]|\d{1,2}[.)]|[a-z][.)])\s)")
_IN_SENTENCES = re.compile(
    r"\b(?:is|are|was|were|be|been|being|will|would|can|could|has|have|had|said|says|the|this|that|it|we|they)\b"
)
_SMALL = 500
_ITEM = 40  # characters; an item of a list has no more before its amount
_INCOME = 200_000  # dollars
_INCOMES = re.compile(r"\b(?:earn(?:s|ed|ing)?|incomes?|wages?|salar(?:y|ies))\b")
_HOUSEHOLD = 20_000  # dollars a year; more can be a contract or a grant
_PERSONAL = 500_000  # no person gets more, unless the sentence says so
_MOST_PERSONAL = 2_000_000
_LARGE = Decimal(1_000_000_000)


@lru_cache(maxsize=20_000)
def _cue(word: str) -> str | None:
    """Return the kind that a lower-case word says, or None."""
    match = _CUE.fullmatch(word.removesuffix("'s").removesuffix("s'"))
    return match.lastgroup if match else None


def find_money(cleaned: str, title: str, year: int = 1) -> list[Money]:
    """Return the amounts of money of a release, in the order of its cleaned text; a range yields both its ends.

    Args:
        cleaned: the text, in which places are counted.
        title: its words count as the last sign of what the amounts are.
        year: year of the release: what happened in earlier ones is no promise; 1 if it is not known.
    """
    text = hide_addresses(cleaned)
    if not (found := find_amounts(text)):
        return []
    ends = [0, *(match.end() for match in SENTENCE_END.finditer(text)), len(text)]
    heading = _votes_of_heading(title)
    money: list[Money] = []
    for number, one in enumerate(found):
        index = bisect_right(ends, one.place)
        start = max(ends[index - 1], one.place - _MOST)
        end = min(max(one.end, ends[index] if index < len(ends) else len(text)), one.end + _MOST)
        sentence = text[start:end]
        start += len(sentence) - len(sentence.lstrip())
        end -= len(sentence) - len(sentence.rstrip())
        previous = (found[number - 1], money[-1].kind) if number else (None, None)
        before = _plain(text[max(start, one.place - _BEFORE) : one.place])
        after = _plain(text[one.end : min(max(end, one.end), one.end + _AFTER)])
        kind, period = _decide(text, one, start, before, after, heading, *previous)
        in_list = _is_listed(text, start, before, after)
        is_part = in_list or (one.place - start < _BEFORE and _PART.match(before) is not None)
        stated = bool(number and is_part and money[-1].is_commitment)
        if in_list and not stated:
            lead = _plain(text[max(0, start - _BEFORE) : start])
            stated = SPENDING in heading or bool(_COMMITS.search(lead) and not _OF_ANOTHER_TIME.search(lead))
        doubt = one.doubt
        if one.amount > _LARGEST_SPENDING and kind in (SPENDING, TOTAL, FINE):
            kind, doubt = UNKNOWN, doubt or "impossible_size"
        commits = (
            kind in (SPENDING, TOTAL) and doubt is None and _commits(one, before, after, period, year, stated=stated)
        )
        length = max(end, one.end) - start
        money.append(Money(one.printed, one.amount, one.currency, kind, commits, period, doubt, start, length))
    return money


def hide_addresses(cleaned: str) -> str:
    """Return a text of the same length in which web addresses are blank."""
    text = cleaned
    if "](" in text:
        text = LINK_ADDRESS.sub(lambda found: "](" + " " * (len(found[0]) - 2), text)
    for sign, pattern in zip(("://", "www."), BARE_ADDRESSES, strict=True):
        if sign in text:
            text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def _plain(text: str) -> str:
    return _LINK_REST.sub(" ", text.translate(_MARKUP)).lower()


def _votes_of_heading(title: str) -> dict[str, float]:
    votes: dict[str, float] = {}
    for token in _TOKEN.findall(title.lower()):
        if kind := _cue(token):
            votes[kind] = max(votes.get(kind, 0), 0.035 if token in _WEAK else 0.05)
    return votes


def _commits(found: Amount, before: str, after: str, period: str | None, year: int, *, stated: bool) -> bool:
    """Return True if a sentence promises or grants an amount of public money now.

    Args:
        found: the amount.
        before: the sentence before it, as `_plain` returns it.
        after: the sentence after it.
        period: the period of the amount.
        year: year of the release.
        stated: True for a part of what is promised before, such as an item of a list, whose sentence need not say so.
    """
    before, after = " ".join(before[-160:].split()), _LEVEL_AFTER.sub("", " ".join(after.split()))
    sentence = f"{before} $ {after}"
    if found.amount >= _LARGE and (period == "per year" or _NOT_PROMISED.search(sentence)):
        return False
    if (not stated or found.amount >= _LARGE) and _COMMITS.search(sentence) is None:
        return False
    # What the money is for does not say whether it is promised: `$5 million to meet the costs of private schools`.
    clause = after if found.amount >= _LARGE else _PURPOSE_FROM.split(after, maxsplit=1)[0]
    said = _REPORTED if _SAYS.search(sentence) else _SAID
    if _NOT_NOW.search(said.sub(" ", f"{before} $ {clause}")) or _OF_ANOTHER_TIME.search(said.sub(" ", sentence)):
        return False
    if _is_of_earlier(before, sentence, year) or (_DONE.search(sentence) and not _FRESH.search(f"{before} $ {clause}")):
        return False
    if _OPENED.search(sentence):
        return False
    if _OF_OTHERS.search(before) or _FROM_OTHERS.match(after) or _RANGE.search(before):
        return False
    if _OLD_FIGURE.search(before) and _NEW_FIGURE.match(after):
        return False
    if (
        _EACH_AT_MOST.search(before)
        or _PER_PLACE.match(after)
        or (found.amount <= _MOST_EACH and _UP_TO.search(before))
    ):
        return False
    return (found.amount >= _LEAST_GRANT or _IS_GRANTED.search(before) is not None) and not (
        found.amount < _MOST_LIMIT and _LIMIT.search(before)
    )


def _is_of_earlier(before: str, sentence: str, year: int) -> bool:
    """Return True if a sentence is about money that was promised or spent before the release."""
    if _EARLIER.search(sentence) or _FOLLOWS.search(before):
        return True
    years = [int(found["year"]) + (found["end"] is not None) for found in _YEAR_NAMED.finditer(sentence)]
    return bool(years) and max(years) < year and _NOW.search(sentence) is None


_LEAST_GRANT = 1000  # dollars; less is more often what one person can claim
_IS_GRANTED = re.compile(r"\b(?:receiv\w+|award(?:s|ed|ing))\b")
_MOST_LIMIT = 1_000_000  # dollars; no threshold of a person or a household is larger
_LIMIT = re.compile(
    r"\b(?:thresholds?|limits?|caps?|incomes?|prices?)\b[^.;$]{0,40}\b(?:from|to|of|at|by|is|over|under)\b[^.;]{0,20}$"
)
_PROMISED_VERBS = r"(?:announc|invest|launch|commit|allocat|approv|establish|provid|award|pledg|confirm|receiv)\w*"
_EARLIER = re.compile(
    r"\bthe (?:last|past|previous|preceding) (?:[\w-]+ ){0,3}(?:years?|months?|weeks?|budgets?|decades?|terms?)\b"
    rf"|\b{_PROMISED_VERBS}\b[^.;]{{0,60}}\bearlier (?:this|in the) (?:year|month|week)\b"
    rf"|\bearlier this (?:year|month|week)\b[^.;]{{0,60}}\b{_PROMISED_VERBS}"
)
# `follows the $5 million that was announced before`
_FOLLOWS = re.compile(
    r"\b(?:follow(?:s|ed|ing (?:the|an?|on))?|build(?:s|ing)? on|on top of|adds? to|(?<=\w )in addition to)\b"
    r"[^.;,$]{0,40}$"
)
_YEAR_NAMED = re.compile(
    r"\b(?:in|of|from|to|budget|by|january|february|march|april|may|june|july|august|september|october|november|december)"
    r" (?P<year>(?:19|20)\d\d)\b(?P<end>[/\u2013-]\d\d(?:\d\d)?\b)?"
)
_NOW = re.compile(
    r"\b(?:will|is|are|being|be|today|now|new(?! zealand)|further|extra|next|this year|provides|includes|invests"
    r"|com(?:es?|ing) from)\b|'(?:re|ll)\b"
)
_OTHERS = (
    r"(?:partners?|co-?funders?|funders|councils?|universit(?:y|ies)|foundations?|trusts?|compan(?:y|ies)|donors?|growers"
    r"|farmers|philanthrop\w+|local government|local authorities|polytechnics?|investors?|private sector|ports?"
    r"|airports?|(?:industry|community)(?! new zealand| training| \w*fund))"
)
# `partners will contribute $5 million`, `co-funded by the council with $5 million`
_OF_OTHERS = re.compile(
    rf"(?<!government and )(?<!crown and )\b{_OTHERS}(?: of [\w-]+)?"
    r"(?:,? (?:is|are|has|have|also|will|each|both|to)){0,3}"
    r" (?:contribut|(?:co-?)?invest|commit|provid|rais|pledg|donat|match|add)\w*[^.;,$]{0,35}$"
    rf"|\b{_OTHERS}(?:'s|s')? (?:contribution|investment|share)s? (?:of|is|will be)\b[^.;,$]{{0,15}}$"
    r"|\bmatched by(?: \w+){0,2}$"
    rf"|\b(?:co-?)?(?:funded|matched|met) by (?:[\w'-]+ ){{0,4}}{_OTHERS} (?:with|at|of)\b[^.;,$]{{0,15}}$"
)
_FROM_OTHERS = re.compile(
    r"(?:in[ -](?:cash|kind) )?(?:(?:in |of )?(?:(?:co-)?funding|contributions?|grant|donation|investment) )?(?:is )?"
    r"(?:to come |coming )?"
    rf"(?:from|by) (?:(?!ministry|department|government|crown|council of|budget)[\w'-]+ ){{0,4}}{_OTHERS}\b(?! \w*fund)"
)
_RANGE = re.compile(r"\b(?:rang(?:e|es|ed|ing)|var(?:y|ies|ied|ying))\b[^.;$]{0,40}\b(?:from|between)\b[^.;]{0,40}$")
# `rises from $5 million to $6 million`
_OLD_FIGURE = re.compile(r"\bfrom(?: [\w-]+){0,5}$")
_NEW_FIGURE = re.compile(r"[^.;$]{0,45}\bto\b[^.;$]{0,25}\$")


_COMMITS = re.compile(
    r"\b(?:announc\w*|invest(?:s|ing|ed|ment)?|commit\w*|provid\w+|allocat\w+|approv\w+|inject\w*|boost\w*"
    r"|contribut\w+|pledg\w+|receiv\w+|set aside|earmark\w*|fund(?:s|ed|ing)?|will|today|budget \d{4}|over the next"
    r"|extra|additional|further|going to|grant\w*|award\w*|deliver\w*|gets?|available|giv(?:es?|ing)"
    r"|(?:is|are|be|'re) spending|includes?)\b"
)
# A part of an amount that is named before it: `This includes $5 million for roads`.
_PART = re.compile(
    r"\W*(?:(?:this|these|it|they|that|which|examples?)(?: \w+){0,3}? (?:includ|compris|consist)\w*"
    r"|of (?:this|that|which|the)\b|the (?:remaining|other|balance|remainder))"
)
_LABOUR_DID = (
    r"labour(?:'s| (?:party|has|had|have|would|will|is|was|did|want\w*|promis\w+|plan(?:s|ned)|say\w*|said|left|spent"
    r"|claim\w*|announc\w*|mps?|leader|polic\w+|spokes\w+)\b)"
)
_NOT_NOW = re.compile(
    rf"\b(?:{_LABOUR_DID}|national's|national (?:party|would|has|will)|opposition|the alliance|each year|every year"
    r"|currently|spent|collectively|(?:total|core crown|government|all) (?:annual )?spending|past"
    r"|costs?|if|would|could|should|up from|down from|forecast|kiwisaver|under management|pipeline|proposals?"
    r"|projections?|exports?|gdp|revenue|estimated|invested in (?:australia|new zealand)"
    r"|investment in (?:australia|new zealand)"
    r"|businesses|private|overseas|world bank|development bank|investment bank|aiib|imf|global|countries|offshore"
    r"|needs?|needed|required?|worth|debt|borrow\w*|cut(?:s|ting)?|trim\w*|sav(?:e|es|ed|ings?)|super fund"
    r"|superannuation fund|taking|takes|brings?|bringing|rais(?:e|es|ed)|total|was|were|had|already|donors?"
    r"|anniversary of the announcement|exploration|drilling"
    r"|own (?:money|funds|resources|pockets?|members\w*))\b"
    r"|\bexisting (?:[\w-]+ ){0,4}\$|\$ (?:(?:of|in|from) )*existing\b"
    r"|\b(?:unlock|leverag)\w* (?!an? )(?:[\w-]+ ){0,3}\$"
)
_LEVEL_AFTER = re.compile(r",? (?:taking|bringing)\b.*")  # `$5 million, taking the total so far to $6 million`
_PURPOSE_FROM = re.compile(
    r"\b(?:to(?! (?:date|be)\b)|for|towards?|so|because|while|aim(?:ed|ing)|designed|(?:that|which) (?:will|helps?))\b"
)
# Words that are no sign against a promise: `a total of`, `a package worth`, and in reported speech `would`.
_SAID = re.compile(
    r"\b(?:was|were) (?:today|(?:today )?announced (?:today|yesterday|this (?:morning|afternoon|week)))\b"
    r"|\b(?:be|being) spent\b|\ba total of\b|\bin total\b"
    r"|\b(?:grants?|funding|packages?|loans?|incentives?|support|scheme|investments?|contributions?),? worth\b"
)
_SAYS = re.compile(r"\b(?:said|announced|confirmed|agreed)\b")
_REPORTED = re.compile(
    rf"{_SAID.pattern}|\bwould (?!have|need|cost|require)|\b(?:was|were)(?= (?:\w+ing|to)\b)"
    r"|\bhad(?= (?:agreed|approved|decided|set|allocated)\b)"
)
_OF_ANOTHER_TIME = re.compile(
    rf"\b(?:since|previous(?:ly)?|last (?:year|government|budget)|last (?:month|week)(?!'s budget)"
    rf"|to date|so far|compared|original(?:ly)?|year (?:to|ended)|{_LABOUR_DID}"
    r"|national's|opposition|kiwisaver|(?:was|were|had been) (?:\w+ )?(?:announced|allocated|approved|provided"
    r"|committed|set|secured|given|made|spent|opened|awarded|launched|part|budgeted|signalled|invested|funded))\b"
)
# What was given before, unless the sentence says that it is new.
_DONE = re.compile(
    r"\b(?:has|have|having)(?: (?!been)\w+)? (?:provided|contributed|distributed|delivered|given|meant|paid|included)\b"
    r"[^.;$]{0,60}\$"
    r"|(?<!be )(?<!is )(?<!are )(?<!being )(?<!been )(?<!has )(?<!have )"
    r"\b(?:contributed|invested|distributed|gave|funded|provided)"
    r"(?: (?:about|over|more than|nearly|almost|up to|some|around|just|the|a|an|only|also|its|their))* \$"
    r"|\b(?:government|we|it|they|zealand|ministry|crown|which|fund)(?:,[^,$]{3,30},)?(?: also| recently| then)?"
    r" (?:contributed|provided|gave|invested|distributed)\b[^.;$]{0,40}\$"
    r"|\$ (?:contributed|paid|donated|distributed)\b"
    r"|\b(?:invests|spends|contributes|receives)\b[^.;$]{0,40}\$ (?:(?:a|per|each) (?:year|annum)|annually)\b"
)
_FRESH = re.compile(
    r"\b(?:will|being|today|new(?! zealand)|extra|additional|further|initial|next|this year|announced|includes|loan"
    r"|budget|over (?:\w+ ){1,2}years)\b"
)
# What is built already, but not `applications opened for the $5 million fund`.
_OPENED = re.compile(
    r"^(?!.*\b(?:funds?|round|applications?|scheme)\b).*\b(?:open(?:s|ed)\b[^.;$]{0,60}\$|\$ [^.;$]{0,60}\bopened\b)"
)
# The most that one of many can get: `grants of up to $5,000`, `up to $2 million per region`.
_EACH_AT_MOST = re.compile(
    r"\b(?:grants|loans|scholarships|subsidies|awards|vouchers)\b(?: (?:can|be|are|is|of|for|worth|available|offered"
    r"|from))* (?:up to|between|a maximum of)(?:[^.;]{0,90}\b(?:up to|and))?$"
    r"|\beach (?:project|applicant|application|organisation|group|school|business|event)\b[^.;$]{0,30}"
    r"\b(?:up to|between|maximum of)[^.;]{0,20}$"
    r"|\b(?:under|below|less than)$"
)
_MOST_EACH = 100_000  # dollars; `up to` less than this is more often what one of many can get
_UP_TO = re.compile(
    r"(?<!contribute )(?<!set aside )(?<!approved )(?<!the spending of )(?<!making )\bup to(?: a further)?$"
)
_PER_PLACE = re.compile(r"per (?!year|annum|cent|week|month|day|quarter)|(?:[\w-]+ )?(?:cap|threshold|limit)\b")
# What is large and neither spent nor promised.
_NOT_PROMISED = re.compile(
    r"\b(?:combined (?:are|value|budget)|older people|state-owned|soes?|shareholder\w*|companies|taxpayer investment"
    r"|acc|acc's|consented|building work|target|benefits?|property|assets|invests|invested by|proceeds|two-way|cap|gap"
    r"|managed|manages|investors?|returns?|result in|showed|shows|contribution|per cent of)\b"
    r"|\bha(?:s|ve) (?:[\w']+ ){0,3}\$ (?:\w+ )?invest"
)
_NOT_SPENT = re.compile(
    r"\b(?:kiwisaver|under management|pipeline|proposals?|stock|gdp|exports?|deficit|debt|assets|\w+ bank|aiib|imf"
    r"|developing countries|horizon europe|output|super(?:annuation)? fund|invested in (?:australia|new zealand)"
    r"|offshore|foreign|estimated|needs?|needed|required?|lifetime|beneficiary|businesses|net worth|forecasts?"
    r"|revenue)\b"
)


def _decide(
    text: str,
    found: Amount,
    start: int,
    before: str,
    after: str,
    heading: dict[str, float],
    previous: Amount | None,
    listed: str | None,
) -> tuple[str, str | None]:
    """Return the kind and the period of an amount.

    Args:
        text: the text without addresses.
        found: the amount.
        start: where its sentence begins.
        before: the sentence before the amount, as `_plain` returns it.
        after: the sentence after it.
        heading: the votes of the title.
        previous: the amount before it.
        listed: the kind of that.
    """
    rate = _RATE.match(after)
    is_small = _is_small(found, before, after, rate)
    kind, votes = _kind_of(before, after, rate, is_small=is_small)
    if kind is None and previous and start < previous.end:
        is_near = found.place - previous.end < _ITEM
        if (is_near and _SAME_AS_BEFORE.fullmatch(text, previous.end, found.place)) or (
            _IN_BRACKETS.search(before) and after.startswith(")")
        ):
            kind = listed
    if kind is None:
        kind = _kind_around(text, found, start, before, after, heading, listed, votes)
    if kind == SPENDING and found.amount >= _LARGE and _NOT_SPENT.search(before[-150:] + " $ " + after[:80]):
        kind = None
    if kind is None and found.amount >= _LARGE and _is_of_the_world(before, after):
        kind = MARKET
    kind = kind or UNKNOWN
    if kind == PERSON and not is_small:
        kind = _OTHER
    if found.amount < _MOST_PERSONAL and not _has_million(found.printed):
        kind = _small_kind(kind, found, before, rate)
    if kind in (TRADE, MARKET):
        kind = _trade_or_market(found, before, after)
    return (UNKNOWN if kind == _OTHER else kind), _find_period(before, after, rate)


def _kind_around(
    text: str,
    found: Amount,
    start: int,
    before: str,
    after: str,
    heading: dict[str, float],
    listed: str | None,
    votes: dict[str, float],
) -> str | None:
    """Return the kind that the words of the sentence, the title and the text before say; arguments as of `_decide`."""
    in_list = _is_item(text, start, before, after)
    if in_list and listed:
        listed = SPENDING if listed == TOTAL else listed
        votes[listed] = votes.get(listed, 0) + 0.15
    kind = _best(votes, 0.35 if in_list else 0.12)
    if kind is None and _is_listed(text, start, before, after):  # the text before it is of other items
        kind = _best(heading, 0.05) or (None if listed == UNKNOWN else listed)
        kind = SPENDING if kind == TOTAL else kind
    if kind is None:
        for voted, vote in heading.items():
            votes[voted] = votes.get(voted, 0) + vote * (3 if in_list else 1)
        lead = _plain(text[max(0, start - _LEAD) : start])
        _vote(votes, _TOKEN.findall(lead)[::-1], 8.0)
        kind = _best(votes, 0.1)
    if kind is None and in_list:
        kind = SPENDING if found.amount >= _LEAST_GRANT and _PURPOSE.match(after.lstrip()) else listed
    return None if kind == SPENDING and found.amount >= _LARGE and not in_list else kind


def _is_listed(text: str, start: int, before: str, after: str) -> bool:
    """Return True for an item of a list, a row of a table, or an amount alone."""
    if _BULLET.match(text, start):
        return True
    if _begins_line(text, start) or "$" in before:
        return len(after) < _AFTER and _IN_SENTENCES.search(f"{before} $ {after}") is None
    return not before.strip() and len(after) < _ITEM


def _is_item(text: str, start: int, before: str, after: str) -> bool:
    """Return True if a sentence can be an item of a list."""
    return (_begins_line(text, start) and len(before) < _ITEM) or _is_listed(text, start, before, after)


def _begins_line(text: str, start: int) -> bool:
    return text[max(0, start - _ITEM) : start].rstrip(" \t")[-1:] in ("", "\n")


def _has_million(printed: str) -> bool:
    return re.search(r"\d[ -]?[mbtp]|illion", printed.lower()) is not None


def _small_kind(kind: str, found: Amount, before: str, rate: re.Match[str] | None) -> str:
    """Return the kind of an amount of less than two million dollars, which can be that of one person."""
    if kind == FINE or (kind in (SPENDING, PERSON, UNKNOWN) and _PRIZE.search(before)):
        return FINE
    if kind == TRADE and found.amount < _INCOME and _INCOMES.search(before):
        return PERSON
    if rate and (found.amount < _PERSONAL or rate["unit"] not in _PERIODS):  # no person gets $500,000 a day
        yearly = rate["unit"] in ("year", "annum") or rate["letter"] == "a" or (rate["each"] and kind == SPENDING)
        if not yearly or found.amount < _HOUSEHOLD:
            return PERSON
    if _PER_EVERY.search(before):
        return PERSON
    if kind == UNKNOWN and found.amount < _INCOME and _PERSONAL_WORDS.search(before):
        return PERSON
    if found.amount < _SMALL:
        return PERSON if kind != SPENDING or found.amount < _SMALL / 2 else kind
    return kind


def _trade_or_market(found: Amount, before: str, after: str) -> str:
    """Return market_size for an economy or a market of the world, and otherwise revenue_or_trade."""
    if "trillion" in found.printed.lower():
        return MARKET
    if found.amount < _LARGE or _OWN.match(before[-160:]) or _OWN.match(after[:50]):
        return TRADE
    return MARKET if _is_of_the_world(before, after) else TRADE


def _is_of_the_world(before: str, after: str) -> bool:
    return _WORLD_BEFORE.search(before) is not None or _WORLD_AFTER.match(after) is not None


_OWN = re.compile(
    r".*\b(?:exports?|our|two-way|earn\w*|contribut\w+|new zealand's (?:gdp|economy|international)|add(?:ed|s|ing)?"
    r"|trade (?:with|between)|total trade)\b"
)
_WORLD_BEFORE = re.compile(
    r"\b(?:(?:combined|nominal|annual|a|total) gdp\b|gdp of|econom(?:y|ies) (?:of|worth)"
    r"|(?:global|world\w*|international)\b[^.;$]{0,50}\b(?:market|trade|industry|sector|demand|sales|imports?|consumption))\b[^.;$]{0,45}$"
)
_WORLD_AFTER = re.compile(
    r"[^.;$]{0,25}\b(?:global|world\w*|international)\b[^.;$]{0,30}\b(?:market|trade|industry|sector|business)"
    r"|\W*(?:economy|gdp)\b"
)


def _kind_of(
    before: str, after: str, rate: re.Match[str] | None, *, is_small: bool
) -> tuple[str | None, dict[str, float]]:
    """Return the kind that the words next to an amount say, or None and the votes of its sentence."""
    rest = (after[rate.end() :] if rate else after).lstrip(" ,(")
    if over := _OVER_YEARS.match(rest):
        rest = rest[over.end() :].lstrip(" ,(")
    if _AGAINST_FORECAST.match(rest) or _LESS.search(before) or _BALANCE.search(before):
        return _OTHER, {}
    if _TO_THE_ECONOMY.match(rest) or _OF_VISITORS.search(before):
        return TRADE, {}
    if _REDRESS.match(rest):
        return FINE, {}
    words_before, words_after = _TOKEN.findall(before)[::-1], _TOKEN.findall(rest)
    is_apart = after.lstrip().startswith(",")  # `$5,000, market research`
    joined = ("", []) if is_apart else (rest, words_after)
    if kind := _adjacent_kind(words_before, joined[1], joined[0], before, is_small=is_small):
        return (SPENDING if kind == FINE and _PAY.search(f"{before[-_NEAR:]} $ {rest[:_NEAR]}") else kind), {}
    votes: dict[str, float] = {}
    _vote(votes, words_before, 2.0)
    _vote(votes, words_after, 10.0 if is_apart else 3.5)
    more = not _MORE.isdisjoint(words_before[:4])
    votes[SPENDING] = votes.get(SPENDING, 0) + 0.15 * more + 0.15 * (_PURPOSE.match(rest) is not None)
    if not is_small:
        votes.pop(PERSON, None)
    return None, votes


_MORE = frozenset(("extra", "additional", "further", "another"))


def _adjacent_kind(
    words_before: list[str], words_after: list[str], rest: str, before: str, *, is_small: bool
) -> str | None:
    """Return the kind that the noun after an amount, or the verb or noun before it, says."""
    nearest, through = _nearest(words_before)
    if (nearest == PERSON and not is_small) or (nearest == TOTAL and through.isdisjoint(_TOTAL_OF)):
        nearest = None
    head = _head_noun(words_after)
    if (
        (head == PERSON and not is_small)
        or (head == TOTAL and nearest in (COST, FINE, _OTHER))
        or (
            head != TRADE and nearest == SPENDING and words_after[:1] == ["in"]
        )  # `invest $5 million in export schools`
    ):
        head = None
    if head in (None, SPENDING) and nearest in (None, SPENDING, TOTAL) and _LEVEL.search(before):
        return TOTAL
    return head or nearest or _verb_after(rest)


_TOTAL_OF = frozenset(("of", "worth", "totalling"))


def _is_small(found: Amount, before: str, after: str, rate: re.Match[str] | None) -> bool:
    """Return True if an amount can be that of one person."""
    is_personal = (rate and rate["unit"] not in _PERIODS) or _LIMIT_BEFORE.search(before) or _LIMIT_AFTER.match(after)
    return found.amount < (_MOST_PERSONAL if is_personal else _PERSONAL) and not _has_million(found.printed)


_PERSONAL_LIMITS = r"(?:caps?|thresholds?|limits?|mortgages?|salar(?:y|ies)|incomes?)"
_LIMIT_BEFORE = re.compile(rf"\b{_PERSONAL_LIMITS}\b[^.;]{{0,80}}$")
_LIMIT_AFTER = re.compile(rf"\s*(?:[\w-]+ ){{0,4}}{_PERSONAL_LIMITS}\b")
_PAY = re.compile(r"\bpay[ -](?:equity|parity|settlement|dispute|deal)\b")
# `taking total funding to $5 million`
_LEVEL = re.compile(
    r"\b(?:taking|takes|brings?|bringing|rais(?:es|ing)|lifts|lifting"
    r"|(?:increas|push|boost)\w*[^.;$]{0,30}\btotal)\b[^.;$]{0,70}\bto\b[^.;$]{0,25}$"
)
_AGAINST_FORECAST = re.compile(
    r"(?:above|below|higher|lower|more|less|better|worse|ahead|short|over|under|up|down)\b.{0,25}"
    r"\b(?:forecast|than|expected|budgeted|last year)"
)
_LESS = re.compile(
    r"\b(?:reduc\w+|cuts?|cutting|decreas\w+|drop\w*|falls?|fallen|fell|lower\w*)\b[^.;$]{0,70}\bby\b[^.;$]{0,20}$"
)
_BALANCE = re.compile(r"\b(?:deficit|surplus|obegal|operating balance)\b[^.;$]{0,60}$")
_TO_THE_ECONOMY = re.compile(
    r"(?:[\w/-]+ ){0,4}?(?:to|into|for)(?: the| our)?(?: [\w'-]+){0,3} (?:economy|gdp|gross domestic product)\b"
)
_OF_VISITORS = re.compile(
    r"\b(?:visit(?:ors?|ing)|tourists?|travellers|delegates|consumers|customers|guests)\b[^.;$]{0,60}\bsp(?:end\w*|ent)\b[^.;$]{0,30}$"
)
_REDRESS = re.compile(r"(?:in |of )?(?:\w+ ){0,3}redress\b")
_SAME_AS_BEFORE = re.compile(
    r"[\s,(&/-]*(?:a (?:week|year)|per (?:week|year|annum))?[\s,(&/-]*"
    r"(?:in \d{4}(?:[/-]\d\d(?:\d\d)?)?|\(?this year|over (?:the )?(?:next )?\w+ years)?[\s,()&/-]*"
    r"(?:to|and|or|up to|rising to|and up to|to around|to about|to between|and around|respectively)?[\s,(]*"
)
_IN_BRACKETS = re.compile(r"\((?:up to |about |over |around )?$")  # each of several: `the pool ($5,000)`
_PURPOSE = re.compile(r"(?:to|for|towards?|into|from the)\b(?! \$)")
_VERB_AFTER = re.compile(
    r"(?:that |which )?(?:(?:has|have|had|will|is|was|are|were|would|being|to)\b ?)?(?:now |also |already |then )?"
    r"(?:been |be |being )?(?:now |also |already )?(?:made |set |put )?(?P<verb>[a-z-]+)"
)
_SPENT = frozenset(
    ("funds", "go", "goes", "going", "gone", "over", "paid", "put", "target", "targeted", "towards", "used", "went")
)


# Words that say little about an amount unless they stand next to it.
_WEAK_TEXT = (
    "announce announced announcement announcing benefit benefits business charge charges economic economy"
    " families family get gets getting global household industries industry market markets maximum puts putting rate"
    " rates returns sector sectors student support supports tax tourism trade visitors world"
)
_WEAK = frozenset(_WEAK_TEXT.split())


def _verb_after(rest: str) -> str | None:
    """Return the kind of the verb after an amount: `$5 million has been allocated`, `$5 million will go to`."""
    match = _VERB_AFTER.match(rest)
    if not match:
        return None
    if match["verb"] in _SPENT:
        return SPENDING
    kind = _cue(match["verb"])
    return kind if kind in (SPENDING, COST, TRADE) else None


def _nearest(words: list[str]) -> tuple[str | None, set[str]]:
    """Return the kind of the first word before an amount without fillers such as `up to`, and the fillers."""
    through = set()
    for word in words[:9]:
        if word in _FILLERS or not word[0].isalnum():
            through.add(word)
        elif kind := _cue(word):
            return kind, through
        elif word == "total":
            return TOTAL, through | {"of"}
        else:
            break
    return None, through


_LINKS = 3  # words between an amount and its noun: `dollars worth of`


def _head_noun(words: list[str]) -> str | None:
    """Return the kind of the noun that follows an amount: `$5 million relief package`, `$5 million worth of goods`."""
    kind, linked = None, False
    for place, word in enumerate(words[:9]):
        if word in ("worth", "of", "in", "dollar", "dollars") and place < _LINKS:
            linked = word in ("of", "in") or (linked and word != "worth")
            continue
        if place == 0 and word.endswith("ed") and _cue(word) == SPENDING:
            return SPENDING
        if word in _NOUN_PHRASE_ENDS or not word[0].isalnum() or word in ("of", "in"):
            break
        kind = kind if word == "pay" else _cue(word) or kind  # `$5 million pay increase`
    return SPENDING if linked and kind == TOTAL else kind


def _vote(votes: dict[str, float], words: list[str], away: float) -> None:
    """Add the votes of words, the nearest first; a vote is worth less with the distance."""
    for word in words[:40]:
        if word == ";":
            return
        away += 1
        kind = _cue(word)
        if kind and kind != TOTAL:
            votes[kind] = votes.get(kind, 0) + (0.3 if word in _WEAK else 1) / away


def _best(votes: dict[str, float], least: float) -> str | None:
    if not votes:
        return None
    first, *others = sorted(votes, key=lambda kind: -votes[kind])
    if votes[first] < least or (others and votes[first] < 1.3 * votes[others[0]]):
        return None
    return first


def _find_period(before: str, after: str, rate: re.Match[str] | None) -> str | None:
    """Return the period of an amount, such as `per year` or `over 4 years`; None if its sentence names none near it."""
    if rate and rate["unit"] in _PERIODS:
        return f"per {_PERIODS[rate['unit']]}"
    if rate and rate["letter"]:
        return "per year" if rate["letter"] == "a" else "per week"
    over = _OVER_YEARS.search(after, 0, _NEAR)
    per = _PER.search(after, 0, _NEARER)
    if over is None and per is None:
        before = before[-_BACK:].rsplit("$", 1)[-1]
        over = next(reversed(list(_OVER_YEARS.finditer(before))), None)
        per = next((found for found in _PER.finditer(before) if found["adverb"]), None)
    if per and (over is None or per.start() < over.start()):
        return f"per {_PERIODS[per['unit'] or per['adverb']]}"
    if over is None:
        return None
    years = over["years"] or over["long"]
    return f"over {_SPELLED.get(years, years)} years"
