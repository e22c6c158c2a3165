-- description: The ids of releases that look like one that does not exist, the nearest first.
select release_id
from main.releases
where jaro_winkler_similarity(release_id, $wanted) >= 0.8
order by jaro_winkler_similarity(release_id, $wanted) desc, release_id
limit 5
