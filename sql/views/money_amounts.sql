-- description: Amounts of money printed in texts, with their sentence and what it says they are. A range has two rows,
--     one for each end.
-- grain: release_id, position
-- files: by year of release_id
-- warning: Do not add amounts up: one that is printed twice has two rows, and a total is listed beside its parts. The
--     kind is decided by rule, and right in 9 of 10 cases: read the sentence.
-- example: select nz_date, printed_as, sentence from money_amounts where kind = 'announced_spending' limit 5
-- column release_id: Id of the release; joins to releases.
-- column position: Place among the amounts of the text, counted from 1.
-- column title: Title of the release, as printed.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column ministers: People credited with the release, in printed order, separated by '; '; NULL if nobody is credited.
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
-- column sentence: Sentence of the amount without markdown, or the line of a list or table; at most 400 characters on
--     either side of the amount.
-- column url: Address of the release on the website, as printed.
-- column twin_group_id: Id of the representative release among all with the same text; count it distinct to count each
--     text once.
create or replace view main.money_amounts as
-- The amounts of a release as one list, since a join would hold all texts in memory, 300 MB.
with listed as (
    select
        release_id,
        list(money_amount) as amounts
    from core.money_amount
    group by release_id
),

placed as (
    select
        listed.release_id,
        unnest(listed.amounts) as money_amount,
        release_texts.cleaned_body
    from listed
    inner join main.release_texts using (release_id)
),

sentences as (
    select
        release_id,
        money_amount,
        substring(cleaned_body, money_amount.sentence_place, money_amount.sentence_length) as sentence
    from placed
)

select
    sentences.release_id,
    sentences.money_amount.position,
    fact_release.title,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    fact_release.minister_names as ministers,
    sentences.money_amount.printed_as,
    sentences.money_amount.amount,
    sentences.money_amount.currency,
    sentences.money_amount.is_currency_printed,
    sentences.money_amount.kind,
    sentences.money_amount.is_commitment,
    sentences.money_amount.period,
    sentences.money_amount.doubt_reason,
    trim(
        regexp_replace(
            regexp_replace(
                sentences.sentence, '\]\([^)\s]*\)?|[*#>\[\]|]', '', 'g'
            ), '\s+', ' ', 'g'
        )
    ) as sentence,
    fact_release.url,
    fact_release.twin_group_id
from sentences
inner join core.fact_release using (release_id)
inner join core.dim_government using (government_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
order by fact_release.published_date_id, sentences.release_id, sentences.money_amount.position;
