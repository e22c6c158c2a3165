-- description: The text of each release.
insert into core.release_text by name
select
    fact_release.release_id,
    release.body,
    release.cleaned_body
from core.fact_release
inner join staging.release
    on fact_release.source_path = release.path and fact_release.source_blob = release.blob;
