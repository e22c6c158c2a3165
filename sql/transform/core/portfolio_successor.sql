-- description: Renamings, mergers, splits and later offices of portfolios from the seed.
-- scope: whole
insert into core.portfolio_successor by name
select
    portfolio_links.portfolio_id,
    portfolio_links.successor_id,
    portfolio_links.link,
    portfolio_links.certainty,
    portfolio_links.reason
from seeds.portfolio_links
inner join core.dim_portfolio using (portfolio_id)
order by portfolio_links.portfolio_id, portfolio_links.successor_id;
