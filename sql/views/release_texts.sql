-- description: The text of each release: as markdown, cleaned, and plain.
-- grain: release_id
-- files: by year of release_id
-- example: select title from release_texts where cleaned_body ilike '%asylum system%'
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column url: Address of the release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column cleaned_body: Text without faults of conversion (no-break spaces, wrong decodings, invisible characters,
--     converter comments, image placeholders, entities and escapes), for searching and counting; empty if the site kept
--     no text.
-- column plain_text: Cleaned text without markup: links are their text, images and rules are gone, and so are the marks
--     of headings, quotations, bold and italic type; an item of a list begins with `- `; for reading and quoting. The
--     view makes it when it is asked for, which takes one to two seconds of computing for all releases.
-- column body: Text of the release as markdown, without blank space at either end; empty if the site kept no text.
create or replace view main.release_texts as
with texts as (
    select
        release_id,
        coalesce(
            cleaned_body, regexp_replace(replace(body, chr(160), ' '), '\\([!-/:-@\[-`{-~])', '\1', 'g')
        ) as cleaned_body,
        body,
        -- To look for marks first halves the time, and to look for them in the stored text does it without cleaning.
        contains(body, '*')
        or contains(body, '](')
        or contains(body, '#')
        or contains(body, '>')
        or contains(body, '  ' || chr(10))
        or contains(body, '---') as has_markup
    from core.release_text
),

-- Each pattern begins with a plain character, which is looked for several times as fast as a class of characters.
unlinked as (
    select
        *,
        regexp_replace(
            regexp_replace(chr(10) || cleaned_body, '!\[[^\[\]]*\]\([^)]*\)', '', 'g'),
            '\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\([^)]*\)',
            '\1',
            'g'
        ) as unlinked_body
    from texts
),

-- Rules, marks of quotations and headings, marks of lists.
unblocked as (
    select
        *,
        regexp_replace(
            regexp_replace(
                regexp_replace(unlinked_body, '\n[ \t]*(?:[*_-][ \t]*){3,}(?:\n|\z)', chr(10), 'g'),
                '\n[ \t]*(?:[>#]+[ \t]+)+',
                chr(10),
                'g'
            ),
            '\n[ \t]*\*[ \t]+',
            chr(10) || '- ',
            'g'
        ) as unblocked_body
    from unlinked
),

-- Bold type, italic type, breaks of lines, blank lines.
plain as (
    select
        *,
        regexp_replace(
            regexp_replace(
                replace(
                    regexp_replace(
                        regexp_replace(unblocked_body, '\*\*+', '', 'g'),
                        '\*\**([^\s*](?:(?:[^*\n]|\n[^*\n])*[^\s*])?)\*+',
                        '\1',
                        'g'
                    ),
                    '  ' || chr(10),
                    chr(10)
                ),
                '\n\n\n+',
                chr(10) || chr(10),
                'g'
            ),
            '\A\n+|\n+\z',
            '',
            'g'
        ) as plain_body
    from unblocked
)

select
    fact_release.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    plain.cleaned_body,
    case when plain.has_markup then plain.plain_body else plain.cleaned_body end as plain_text,
    plain.body
from core.fact_release
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join plain
    on fact_release.release_id = plain.release_id;
