-- measure: revenue_reserve_gbp           unit: pounds, polarity: low is concern
-- grain:   one row per school and year   reads: stg_finance, schools
-- source:  finance (Revenue reserve)
-- missing: the school's own reason; held_at_trust where an academy's reserve is exactly 0
with final as (
    select f.urn, f.period, f.measured_on,
           if(s.control = 'academy' and f.revenue_reserve_gbp = 0, null, f.revenue_reserve_gbp) as value,
           if(s.control = 'academy' and f.revenue_reserve_gbp = 0, 'held_at_trust',
              f.revenue_reserve_gbp_missing) as missing_reason,
           f.release_id, f.published_on, f.row_number as source_row
    from stg_finance as f
    inner join schools as s using (urn)
)
select * from final
