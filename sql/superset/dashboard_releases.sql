-- description: Each release with each pair of one of its ministers and one of its portfolios, for a dashboard whose
--     filters act on every chart.
-- warning: A release has several rows, so count distinct release_id or sum release_share. A pair need not belong
--     together: is_attributed says where the minister made the release in the portfolio.
-- metric filtered_release_count: count(distinct release_id): Number of releases, every copy of a text counted; not
--     additive over ministers and portfolios.
-- metric filtered_text_count: count(distinct twin_group_id): Number of different texts: copies of a joint statement
--     count once; not additive.
-- metric shared_release_count: sum(release_share): Number of releases when each is divided equally between its
--     ministers and portfolios; additive.
-- metric government_share: sum(release_share) / sum(sum(release_share)) over (partition by government): Share of what
--     is chosen of the same government, 0 to 1, where each release is divided equally between its ministers and
--     portfolios.
-- metric government_order: max(try_cast(left(government, 4) as integer)) + sum(release_share) / sum(sum(release_share))
--     over (partition by government): First year of the government plus government_share, to list governments from the
--     latest to the first, and each by share.
-- metric latest_date: max(nz_date): Day of the latest release.
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column link: Link to the release on the public site, as HTML.
-- column opening: First 300 characters of the cleaned text.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column weekday: Day of the week as a number and a name, such as `1 Mon`; NULL if the New Zealand day is not certain.
-- column is_budget_day: True if the release is of a day on which the Budget was presented.
-- column election: Year of the general election with which the release is compared: it is from the 28 days before the
--     election, the 28 days after it, or the 28 days before it a year earlier. NULL for all other releases.
-- column election_period: Part of the comparison with an election that the release falls in: `1 a year earlier`,
--     `2 four weeks before` or `3 four weeks after`. NULL for all other releases.
-- column government: Government in office on nz_date with its years, such as `1999–2008 Fifth Labour`; `(undated)` for
--     undated releases. Its order is that of time.
-- column prime_minister: Prime minister on nz_date with the first year in office, or with that of the oldest release,
--     such as `1999 Helen Clark`; `(undated)` for undated releases. Its order is that of time.
-- column minister_name: Display name of the minister, without honorifics; in brackets if there is nobody in office.
-- column is_person: False if the release credits nobody in office.
-- column party_name: Party of the minister on the day of the release, such as `NZ First`; in brackets if there is none.
-- column gender: Gender of the minister, female or male; in brackets if there is none.
-- column portfolio_name: Display name of the portfolio, with macrons; in brackets if there is none.
-- column is_portfolio: False if the release has no portfolio.
-- column sector: One of 19 sectors; `(none)` if there is no portfolio or it awaits review.
-- column is_attributed: True if it can be shown that the minister made the release in the portfolio.
-- column ministers: Names of all ministers of the release, separated by '; '; NULL if there are none.
-- column portfolios: Names of all portfolios of the release, separated by '; '; NULL if there are none.
-- column release_share: Share of the release given to this pair, 0 to 1; the shares of a release sum to 1, except for
--     rounding.
-- column twin_group_id: Id of the representative release among all with the same text. Count it distinct to count joint
--     statements once.
with terms as (
    select
        dim_date.prime_minister_id,
        min(dim_date.year) as first_year
    from core.dim_date
    group by dim_date.prime_minister_id
),

elections as (
    select
        year(days.calendar_date) as election,
        periods.election_period,
        days.calendar_date + periods.first_day as first_date,
        days.calendar_date + periods.last_day as last_date
    from core.dim_date as days
    cross join (
        values
        ('1 a year earlier', -392, -365), ('2 four weeks before', -28, -1), ('3 four weeks after', 1, 28)
    ) as periods (election_period, first_day, last_day)
    where days.is_election_day
),

days as (
    select
        dim_date.date_id,
        dim_date.weekday || ' ' || left(dim_date.weekday_name, 3) as weekday,
        dim_date.is_budget_day,
        elections.election,
        elections.election_period,
        terms.first_year || ' ' || dim_minister.minister_name as prime_minister
    from core.dim_date
    inner join terms using (prime_minister_id)
    inner join core.dim_minister on dim_date.prime_minister_id = dim_minister.minister_id
    left join elections on dim_date.calendar_date between elections.first_date and elections.last_date
),

governments as (
    select
        dim_government.government_id,
        strftime(dim_government.start_date, '%Y') || '–' || coalesce(strftime(dim_government.end_date, '%Y'), '') || ' '
        || replace(dim_government.government_name, ' Government', '') as government
    from core.dim_government
)

select
    fact_release.release_id,
    fact_release.title,
    '<a href="' || replace(fact_release.url, '"', '%22') || '" target="_blank" rel="noreferrer">open</a>' as link,
    left(coalesce(release_text.cleaned_body, release_text.body), 300) as opening,
    fact_release.nz_date,
    year(fact_release.nz_date) as year,
    case when fact_release.earliest_nz_date = fact_release.latest_nz_date then days.weekday end as weekday,
    coalesce(days.is_budget_day, false) as is_budget_day,
    days.election,
    days.election_period,
    coalesce(governments.government, '(undated)') as government,
    coalesce(days.prime_minister, '(undated)') as prime_minister,
    case
        when bridge_release_minister.is_out_of_government then '(not in office)' else dim_minister.minister_name
    end as minister_name,
    dim_minister.is_person and not bridge_release_minister.is_out_of_government as is_person,
    dim_party.party_name,
    case when dim_minister.is_person then coalesce(dim_minister.gender, '(unknown)') else '(nobody)' end as gender,
    dim_portfolio.portfolio_name,
    dim_portfolio.is_portfolio,
    coalesce(dim_portfolio.sector, '(none)') as sector,
    attribution.release_id is not null as is_attributed,
    fact_release.minister_names as ministers,
    fact_release.portfolio_names as portfolios,
    bridge_release_minister.share * bridge_release_portfolio.share as release_share,
    fact_release.twin_group_id
from core.fact_release
inner join core.bridge_release_minister
    on fact_release.release_id = bridge_release_minister.release_id and bridge_release_minister.share > 0
inner join core.bridge_release_portfolio
    on fact_release.release_id = bridge_release_portfolio.release_id and bridge_release_portfolio.share > 0
inner join core.dim_minister on bridge_release_minister.minister_id = dim_minister.minister_id
inner join core.dim_party on bridge_release_minister.party_id = dim_party.party_id
inner join core.dim_portfolio on bridge_release_portfolio.portfolio_id = dim_portfolio.portfolio_id
left join days on fact_release.nz_date_id = days.date_id
left join governments on fact_release.government_id = governments.government_id
left join core.release_text on fact_release.release_id = release_text.release_id
left join core.attribution
    on
        bridge_release_minister.release_id = attribution.release_id
        and bridge_release_minister.minister_id = attribution.minister_id
        and bridge_release_portfolio.portfolio_id = attribution.portfolio_id
