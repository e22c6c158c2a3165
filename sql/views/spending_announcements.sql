-- description: Public money that releases promise or grant, in New Zealand dollars: one row for each amount of a
--     statement, however many copies and reworked texts of it there are. From 100 million dollars, a row also has the
--     later releases in which the same government repeats the promise: the amount is equal, no more than 340 days lie
--     between a release and the one that it repeats, and their sentences share what the money is for.
-- grain: release_id, amount
-- files: by year of release_id within government_id, statement_id
-- warning: Do not add amounts up: parts stand beside their total, and a promise can have several rows. From 100 million
--     dollars, words decide which releases repeat a promise: four telling words in common for a round amount such as
--     $100 million or $1.2 billion, two for one of three digits or of 10 billion, one for longer ones; a shared
--     portfolio counts as a word. Of 100 rows of several releases that were read, 95 held one promise; of 70 repeats,
--     15 stood in a row of their own. Whether an amount is promised is found by rule too: read the sentence. Doubtful
--     amounts and other currencies are left out.
-- example: select nz_date, printed_as, ministers, sentence from spending_announcements order by amount desc limit 5
-- column release_id: Id of the first release that prints the amount as a promise; joins to releases.
-- column position: Place of the amount among the amounts of that release, counted from 1; joins to money_amounts.
-- column title: Title of that release, as printed.
-- column nz_date: Best known New Zealand date of that release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column ministers: People credited with that release, in printed order, separated by '; '; NULL if nobody is credited.
-- column printed_as: Text of the amount as printed, such as `$23.5 million`; for the lower end of a range, the whole
--     range.
-- column amount: Amount in New Zealand dollars, such as 23500000; not additive.
-- column kind: announced_spending (money that is given, invested or budgeted) or programme_total (the whole of a
--     package, fund, programme or project).
-- column period: Period that the sentence names for the amount, such as `per year` or `over 4 years`; NULL if it names
--     none near the amount.
-- column sentence: Sentence of the amount without markdown, or the line of a list or table.
-- column url: Address of that release on the website, as printed.
-- column release_count: Number of releases that share the row.
-- column release_ids: Ids of the releases that share the row, the first release first, separated by '; '.
create or replace view main.spending_announcements as
with recursive promised as (
    select
        release_id,
        amount,
        min(position) as position
    from core.money_amount
    where is_commitment and currency = 'NZD'
    group by release_id, amount
),

-- Words that say nothing about what the money is for.
common as (
    select
        unnest(string_split(
            'about above across additional after again allocated allocating allocation allows also amount and'
            || ' announced announcement announces annual another approximately are around available been being'
            || ' between billion boost boosting bring budget budgets build but capital comes commitment committed'
            || ' committing continue could current deliver delivered delivering delivers dollars each ensure every'
            || ' extra fiscal five following for four from fund funded funding funds further going government'
            || ' governments govt grant has have help helping her his hon improve include included includes'
            || ' including increase increased increases initiative initiatives into invest invested investing'
            || ' investment investments its largest last less made major making many million minister ministers'
            || ' money more most much nearly new next now off one operating our out over own package part per'
            || ' percent period plan plus prime programme programmes project projects provide provided provides'
            || ' providing receive received receives record remaining said says second set seven significant since'
            || ' six some spend spending spent such support supporting supports than that the their them there'
            || ' these they third this three through time today total toward towards two under until very was well'
            || ' were what when which while who will with work working world worth would year years yesterday you'
            || ' zealand zealanders',
            ' '
        )) as word
),

-- Promises of which their government made another one of the same amount.
large as (
    select
        promised.release_id,
        promised.amount,
        money_amount.sentence_place,
        money_amount.sentence_length,
        fact_release.title,
        fact_release.nz_date,
        fact_release.government_id,
        fact_release.statement_id,
        fact_release.portfolio_names
    from promised
    inner join core.money_amount using (release_id, position)
    inner join core.fact_release using (release_id)
    where promised.amount >= 100000000
    qualify count(*) over (partition by fact_release.government_id, promised.amount) > 1
),

printed as (
    select
        large.release_id,
        large.amount,
        true as is_sentence,
        regexp_replace(
            substring(release_texts.cleaned_body, large.sentence_place, large.sentence_length),
            '\]\([^)\s]*', '', 'g'
        ) as words
    from large
    inner join main.release_texts using (release_id)
    union all
    select
        release_id,
        amount,
        false as is_sentence,
        title as words
    from large
),

telling as (
    select
        printed.release_id,
        printed.amount,
        printed.is_sentence,
        unnest(regexp_extract_all(lower(printed.words), '\pL{3,}')) as word
    from printed
),

-- What two promises can share. Six letters of a word are enough, so that `school` and `schools` are one.
signs as (
    select
        telling.release_id,
        telling.amount,
        left(telling.word, 6) as sign,
        bool_or(telling.is_sentence) as is_near,
        1 as weight
    from telling
    anti join common using (word)
    group by telling.release_id, telling.amount, sign
    union all
    select
        large.release_id,
        large.amount,
        unnest(string_split(large.portfolio_names, '; ')) as sign,
        true as is_near,
        1 as weight
    from large
    union all
    select
        release_id,
        amount,
        statement_id as sign,
        true as is_near,
        100 as weight
    from large
),

signed as materialized (
    select
        large.government_id,
        large.amount,
        large.nz_date,
        signs.release_id,
        signs.sign,
        signs.is_near,
        signs.weight
    from large
    inner join signs using (release_id, amount)
),

pairs as (
    select
        later.release_id,
        later.amount,
        earlier.release_id as earlier_id,
        earlier.nz_date as earlier_date,
        sum(later.weight) as evidence
    from signed as earlier
    inner join signed as later
        on
            earlier.government_id = later.government_id
            and earlier.amount = later.amount
            and earlier.sign = later.sign
            and (
                earlier.nz_date < later.nz_date
                or (earlier.nz_date is not distinct from later.nz_date and earlier.release_id < later.release_id)
            )
    where
        (earlier.is_near or later.is_near)
        and (earlier.nz_date + 340 >= later.nz_date or later.weight = 100)
    group by all
),

-- The earlier release with which each shares most: the likelier another promise of the amount is, the more it must be.
followed as (
    select
        release_id,
        amount,
        arg_max(earlier_id, (evidence, earlier_date, earlier_id)) as earlier_id
    from pairs
    where
        evidence >= case
            when len(rtrim(amount::bigint::varchar, '0')) > 3 then 1
            when len(rtrim(amount::bigint::varchar, '0')) = 3 or amount >= 10000000000 then 2
            else 4
        end
    group by release_id, amount
),

repeated as (
    select
        release_id,
        amount,
        release_id as first_id
    from large
    anti join followed using (release_id, amount)
    union all
    select
        followed.release_id,
        followed.amount,
        repeated.first_id
    from repeated
    inner join followed
        on repeated.release_id = followed.earlier_id and repeated.amount = followed.amount
),

shared as (
    select
        promised.amount,
        list(promised.release_id order by fact_release.nz_date nulls last, promised.release_id) as release_ids
    from promised
    inner join core.fact_release using (release_id)
    left join repeated using (release_id, amount)
    group by promised.amount, coalesce(repeated.first_id, fact_release.statement_id)
)

select
    money_amounts.release_id,
    money_amounts.position,
    money_amounts.title,
    money_amounts.nz_date,
    money_amounts.year,
    money_amounts.month_of_term,
    money_amounts.government_name,
    money_amounts.ministers,
    money_amounts.printed_as,
    money_amounts.amount,
    money_amounts.kind,
    money_amounts.period,
    money_amounts.sentence,
    money_amounts.url,
    len(shared.release_ids) as release_count,
    array_to_string(shared.release_ids, '; ') as release_ids
from shared
inner join promised
    on shared.amount = promised.amount and shared.release_ids[1] = promised.release_id
inner join main.money_amounts
    on promised.release_id = money_amounts.release_id and promised.position = money_amounts.position
where money_amounts.is_commitment -- spares the sentences of other amounts
order by money_amounts.amount desc, money_amounts.nz_date, money_amounts.release_id;
