-- description: Acts and bills that texts name, such as `Resource Management Act 1991`. `the Act` alone names none.
-- grain: release_id, law_id
-- files: by year of release_id
-- warning: A text that prints no year after a title has a row without a year: group by law_title to count an Act with
--     and without its year. A few laws are those of other countries.
-- example: select nz_date, title, url from release_laws where law_title = 'District Courts Act' order by nz_date
-- metric law_release_count: count(distinct release_id): Number of releases that name an Act or bill; not additive
--     over laws.
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column url: Address of the release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column twin_group_id: Id of the representative release among all with the same text; a release without twins has its
--     own id. Count it distinct to count joint statements once.
-- column law_id: Id of the Act or bill, such as `resource-management-act-1991`, or `resource-management-act` where no
--     year is printed.
-- column law_name: Title of the Act or bill with its year, or without a year where none is printed.
-- column law_title: Title of the Act or bill without its year, in the spelling that most releases print; a known
--     abbreviation, such as `RMA`, counts for the title.
-- column law_year: Year printed after the title; NULL if none is printed.
-- column is_year_doubtful: True if the year seems a misprint: it is two years or more after every release that prints
--     it, or one digit differs from a year that ten times as many releases print after the title.
-- column law_kind: act or bill, as the text says.
-- column is_amendment: True if the title says that the Act or bill amends another one.
-- column law_mention_count: Number of times that the text names the Act or bill; additive.
create or replace view main.release_laws as
select
    fact_release.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    fact_release.twin_group_id,
    release_law.law_id,
    dim_law.law_name,
    dim_law.law_title,
    dim_law.law_year,
    dim_law.is_year_doubtful,
    dim_law.law_kind,
    dim_law.is_amendment,
    release_law.mention_count as law_mention_count
from core.release_law
inner join core.dim_law using (law_id)
inner join core.fact_release using (search_number)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id;
