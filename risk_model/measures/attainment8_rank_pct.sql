-- measure: attainment8_rank_pct          unit: percentile (0 = lowest), polarity: low is concern
-- grain:   one row per school            reads: attainment8_pooled
-- source:  ks4 (ATT8SCR, TPUP), last three results years together, among schools of the same kind
-- missing: the latest year's own reason; no_ranking where fewer than half of the schools have a figure
with final as (
    select urn, period, measured_on, rank_pct as value, figure, national as benchmark, pupils as denominator,
           missing_reason, release_id, published_on, source_row, weight, caveat
    from attainment8_pooled
)
select * from final
