-- description: The governments of New Zealand that the archive covers, and their releases.
select
    government_id,
    government_name,
    prime_ministers,
    start_date,
    end_date,
    release_count
from main.releases_by_government
