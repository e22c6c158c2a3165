-- description: Texts of the releases with ids between the variables `first` and `last`, because joining all texts at
--     once takes much memory.
-- scope: content
insert into core.release_text by name
select
    current_release.release_id,
    release.body,
    release.cleaned_body
from work.current_release
inner join staging.release
    on current_release.release_row = release.rowid
where current_release.release_id between getvariable('first') and getvariable('last');
