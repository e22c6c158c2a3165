-- description: Each release with each pair of one of its ministers and one of its portfolios, for a dashboard whose
--     filters act on every chart.
-- grain: release_id, minister_name, portfolio_name
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
-- column election: Year of the general election, if the release is of the 28 days before or after it, or of those days
--     before it a year earlier; else NULL.
-- column election_period: Which days those are: `1 a year earlier`, `2 four weeks before` or `3 four weeks after`; else
--     NULL.
-- column government: Government in office on nz_date with its years, such as `1999–2008 Fifth Labour`; `(undated)` for
--     undated releases. Its order is that of time.
-- column prime_minister: Prime minister on nz_date with the first year in office that the archive covers, such as
--     `1999 Helen Clark`; `(undated)` for undated releases. Its order is that of time.
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
with governments as (
    select
        releases_by_government.government_name,
        strftime(releases_by_government.start_date, '%Y') || '–'
        || coalesce(strftime(releases_by_government.end_date, '%Y'), '') || ' '
        || replace(releases_by_government.government_name, ' Government', '') as government
    from main.releases_by_government
    where releases_by_government.start_date is not null
),

elections as (
    select
        year(days.calendar_date) as election,
        periods.election_period,
        days.calendar_date + periods.first_day as first_date,
        days.calendar_date + periods.last_day as last_date
    from main.releases_by_day as days
    cross join (
        values
        ('1 a year earlier', -392, -365), ('2 four weeks before', -28, -1), ('3 four weeks after', 1, 28)
    ) as periods (election_period, first_day, last_day)
    where days.is_election_day
)

select
    releases.release_id,
    releases.title,
    '<a href="' || replace(releases.url, '"', '%22') || '" target="_blank" rel="noreferrer">open</a>' as link,
    left(release_texts.cleaned_body, 300) as opening,
    releases.nz_date,
    releases.year,
    case
        when releases.date_basis <> 'utc_day'
            then isodow(releases.nz_date) || ' ' || left(dayname(releases.nz_date), 3)
    end as weekday,
    coalesce(days.is_budget_day, false) as is_budget_day,
    elections.election,
    elections.election_period,
    coalesce(governments.government, '(undated)') as government,
    coalesce(strftime(terms.first_date, '%Y') || ' ' || terms.prime_minister_name, '(undated)') as prime_minister,
    release_ministers.minister_name,
    release_ministers.is_person,
    release_ministers.party_name,
    release_ministers.gender,
    release_portfolios.portfolio_name,
    release_portfolios.is_portfolio,
    coalesce(release_portfolios.sector, '(none)') as sector,
    attributions.release_id is not null as is_attributed,
    releases.ministers,
    releases.portfolios,
    release_ministers.release_share * release_portfolios.release_share as release_share,
    releases.twin_group_id
from main.releases
inner join main.release_ministers on releases.release_id = release_ministers.release_id
inner join main.release_portfolios on releases.release_id = release_portfolios.release_id
left join main.release_texts on releases.release_id = release_texts.release_id
left join main.releases_by_day as days on releases.nz_date = days.calendar_date
left join elections on releases.nz_date between elections.first_date and elections.last_date
left join governments on releases.government_name = governments.government_name
left join main.voice_of_prime_ministers as terms on releases.prime_minister_name = terms.prime_minister_name
left join main.attributions
    on
        releases.release_id = attributions.release_id
        and release_ministers.minister_id = attributions.minister_id
        and release_portfolios.portfolio_id = attributions.portfolio_id
