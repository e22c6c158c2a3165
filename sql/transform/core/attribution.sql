-- description: Each tag of a release by a single minister goes to that minister. On a release by several ministers, a
--     tag goes to those for whom the text prints a title of the portfolio. If it prints one for nobody, the tag goes to
--     the only one of them who held the portfolio on that day, or else to the only one who was an associate or acted.
-- scope: holder
insert into core.attribution by name
with tags as (
    select distinct
        tag.release_id,
        tag.portfolio_id
    from work.tag
    inner join core.dim_portfolio
        on tag.portfolio_id = dim_portfolio.portfolio_id
    where dim_portfolio.kind in ('portfolio', 'office', 'provisional')
),

sole as (
    select
        tags.release_id,
        tags.portfolio_id,
        sole_credit.minister_id,
        'sole_minister' as method
    from tags
    inner join work.sole_credit using (release_id)
),

credited as (
    select distinct
        credit.release_id,
        credit.minister_id,
        true as is_credited
    from work.credit
    anti join work.sole_credit using (release_id)
    where credit.is_counted
),

-- Somebody in office who speaks in the text counts as one of several ministers, credited or not.
present as (
    select
        release_id,
        minister_id,
        is_credited
    from credited

    union all by name

    select
        mention.release_id,
        mention.minister_id,
        false as is_credited
    from core.mention
    semi join credited
        on mention.release_id = credited.release_id
    where mention.is_in_office and not mention.is_credited and (mention.is_quoted or mention.is_announcing)
),

titles as (
    select distinct
        release_id,
        portfolio_id,
        minister_id
    from core.printed_title
    where role <> 'former'
),

titled as (
    select
        titles.release_id,
        titles.portfolio_id,
        titles.minister_id,
        'title' as method
    from tags
    inner join titles using (release_id, portfolio_id)
    inner join credited using (release_id, minister_id)
),

held as (
    select
        tags.release_id,
        tags.portfolio_id,
        present.minister_id,
        present.is_credited,
        tenure.role <> 'holder' as is_deputising,
        min(is_deputising) over (partition by tags.release_id, tags.portfolio_id) as is_only_deputising
    from tags
    anti join titles
        on tags.release_id = titles.release_id and tags.portfolio_id = titles.portfolio_id
    inner join present using (release_id)
    inner join work.dated using (release_id)
    inner join core.tenure
        on
            tags.portfolio_id = tenure.portfolio_id
            and present.minister_id = tenure.minister_id
            and tenure.confidence <> 'low'
            and dated.nz_date >= tenure.start_date
            and dated.nz_date <= coalesce(tenure.end_date, 'infinity'::date)
),

holders as (
    select
        release_id,
        portfolio_id,
        min(minister_id) as minister_id,
        'tenure' as method
    from held
    where is_deputising = is_only_deputising
    group by release_id, portfolio_id
    having count(distinct minister_id) = 1 and bool_or(is_credited)
)

select
    release_id,
    portfolio_id,
    minister_id,
    method
from sole

union all by name

select
    release_id,
    portfolio_id,
    minister_id,
    method
from titled

union all by name

select
    release_id,
    portfolio_id,
    minister_id,
    method
from holders
order by release_id, portfolio_id, minister_id;
