-- description: Public money that releases promise or grant, in New Zealand dollars: one row for each amount of a
--     statement, however many copies and reworked texts of it there are; and from 100 million dollars one row for all
--     releases in which one government promises the same amount. Sort by amount to see the largest promises.
-- grain: release_id, amount
-- files: by year of release_id within government_id, statement_id
-- warning: Do not add amounts up: parts stand beside their total, and a promise below 100 million dollars that several
--     statements repeat has a row for each. Found by rule: read the sentence. Doubtful amounts and other currencies are
--     left out.
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
with promised as (
    select
        money_amount.release_id,
        money_amount.amount,
        min(money_amount.position) as position,
        any_value(fact_release.nz_date) as nz_date,
        any_value(
            case
                when money_amount.amount >= 100000000 then fact_release.government_id
                else fact_release.statement_id
            end
        ) as shared_by
    from core.money_amount
    inner join core.fact_release using (release_id)
    where money_amount.is_commitment and money_amount.currency = 'NZD'
    group by money_amount.release_id, money_amount.amount
),

shared as (
    select
        amount,
        list(release_id order by nz_date nulls last, release_id) as release_ids
    from promised
    group by shared_by, amount
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
