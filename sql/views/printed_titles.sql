-- description: Titles of office printed beside the names of people in the texts of releases, such as `Health Minister
--     Annette King`: evidence of who held what on the day.
-- grain: release_id, minister_id, portfolio_id, role
-- files: by year of release_id
-- warning: A title that could mean several offices of its time is left out. Texts that speak of another day can print a
--     title of that day.
-- example: select nz_date, minister_name, role, printed_form from printed_titles order by nz_date, release_id limit 5
-- metric titled_release_count: count(distinct release_id): Number of releases that print a title beside a name; not
--     additive over ministers, portfolios or roles.
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column url: Address of the release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column minister_id: Id of the person, such as `winston-peters`; joins to ministers if any release credits the person.
-- column minister_name: Display name of the person, without honorifics.
-- column portfolio_id: Id of the portfolio that the title names, such as `foreign-affairs`; joins to portfolios.
-- column portfolio_name: Display name of the portfolio, with macrons.
-- column role: Role that the title prints: minister, associate, acting, deputy, under-secretary, or former (also `then`
--     and `previous`). Titles without `former` count only for people who were in office on the day.
-- column printed_form: Title as the text prints it first, such as `Associate Minister of Health`; without what stands
--     in brackets.
-- column title_place: Place of the person's name beside the first such title in the cleaned text, counted in characters
--     from 1.
-- column title_count: Number of times that the text prints the title beside the person's name; additive.
create or replace view main.printed_titles as
select
    printed_title.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    printed_title.minister_id,
    dim_minister.minister_name,
    printed_title.portfolio_id,
    dim_portfolio.portfolio_name,
    printed_title.role,
    printed_title.printed_form,
    printed_title.first_place as title_place,
    printed_title.title_count
from core.printed_title
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_minister using (minister_id)
inner join core.dim_portfolio using (portfolio_id);
