-- description: The text of each release.
insert into core.release_text by name
select
    current_release.release_id,
    current_release.body,
    current_release.cleaned_body
from staging.current_release
inner join core.fact_release using (release_id);
