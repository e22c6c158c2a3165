-- description: People named in the texts of releases, whether the front matter credits them or not, and whether they
--     are quoted.
-- grain: release_id, minister_id
-- files: by year of release_id
-- warning: A person who is named need not be announcing anything: texts also list, thank and attack people. A release
--     that quotes only `the Minister`, without a name, counts as quoting nobody.
-- example: select title, minister_name from mentions where release_id = '2003-06-17-nz-becomes-100th-member-iom'
-- metric named_release_count: count(distinct release_id): Number of releases that name somebody; not additive over
--     ministers.
-- metric uncredited_quote_count: count(distinct case when is_in_office and is_quoted and not is_credited and not
--     is_credited_on_twin then release_id end): Number of releases that quote somebody in office whom neither the
--     release nor a copy of it credits; not additive over ministers.
-- metric name_count: sum(mention_count): Number of times that people are named; additive.
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
-- column minister_id: Id of the person, such as `winston-peters`; joins to ministers if any release credits the person.
-- column minister_name: Display name of the person, without honorifics.
-- column named_by: How the text names the person: full_name, alias (only another known name is printed) or title (only
--     a title and the surname are printed; counted only where the release credits the person).
-- column mention_count: Number of times that the text names the person; additive.
-- column first_place: Place of the person's first mention in the cleaned text, counted in characters from 1.
-- column is_credited: True if the front matter credits the person and they were in office.
-- column is_credited_on_twin: True if this release does not credit the person but a twin with the same text does.
-- column is_in_office: True if the person was in office on nz_date, judged from the releases that credit them: from 45
--     days before the first to 45 days after the last, within governments they served in.
-- column is_quoted: True if the text quotes the person, or says that the person says something.
-- column is_announcing: True if the text says that the person announces, launches or welcomes something.
create or replace view main.mentions as
select
    mention.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    fact_release.twin_group_id,
    mention.minister_id,
    dim_minister.minister_name,
    mention.method as named_by,
    mention.mention_count,
    mention.first_place,
    mention.is_credited,
    mention.is_credited_on_twin,
    mention.is_in_office,
    mention.is_quoted,
    mention.is_announcing
from core.mention
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_minister using (minister_id);
