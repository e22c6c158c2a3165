-- description: Amounts of money printed in texts, with a currency sign or in words, such as `$5 million`, `5 cents` and
--     `20 million euros`. A range has two rows, one for each end.
-- grain: release_id, position
-- files: by year of release_id
-- references: release_id in core.fact_release
-- warning: An amount printed twice has two rows: use the maximum of a release, not the sum.
-- column release_id: Id of the release; joins to releases and core.fact_release.
-- column position: Place among the amounts of the text, counted from 1.
-- column printed_as: Text of the amount as printed, such as `$23.5 million`; for the lower end of a range, the whole
--     range.
-- column amount: Amount as a number of currency units, such as 23500000; not additive.
-- column currency: ISO code of the currency; NZD where a plain $ is printed, which in a few releases means another
--     dollar.
-- column is_currency_printed: False if the text prints a plain $ or `dollars`, so that NZD is assumed.
-- column kind: What the amount is, decided by rule from its sentence: announced_spending (public money that is given,
--     invested or budgeted), programme_total (the whole of a package, fund, programme or project, or the level to which
--     funding rises), cost (costs, prices, losses), revenue_or_trade (exports, sales, revenue, worth to the economy),
--     market_size (the economy of a country or a market of the world), fine_or_award (fines, prizes, compensation,
--     settlements), per_person (wages, benefits, fees, thresholds and other amounts of a person, household or unit) or
--     unknown (none of these, or the sentence does not say).
-- column is_commitment: True if the amount is announced_spending or programme_total and its sentence, or the list of
--     which it is an item, promises or grants it now; false for money of the past, of others or under a condition, and
--     for the most that one of many can get.
-- column period: Period that the sentence names for the amount, such as `per year`, `per week` or `over 4 years`; NULL
--     if it names none near the amount.
-- column doubt_reason: Why the amount is doubtful: footnote_letter (the letter after it, as in `$530,000b`, is not read
--     as a unit), unusual_number (its digits can be read in two ways, as in `$405 000` or `$67,000 million`) or
--     impossible_size (larger than all spending of a government in a year); NULL if nothing is wrong with it.
-- column sentence_place: Place where the sentence of the amount begins in the cleaned text, counted in characters from
--     1.
-- column sentence_length: Length of the sentence in characters; at most 400 on either side of the amount are kept.
create table core.money_amount (
    release_id varchar not null,
    position integer not null,
    printed_as varchar not null,
    amount decimal(18, 2) not null,
    currency varchar not null,
    is_currency_printed boolean not null,
    kind varchar not null,
    is_commitment boolean not null,
    period varchar,
    doubt_reason varchar,
    sentence_place integer not null,
    sentence_length integer not null,
    check (sentence_length > 0)
);
