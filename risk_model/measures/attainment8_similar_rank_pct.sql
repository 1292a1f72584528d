-- measure: attainment8_similar_rank_pct  unit: percentile (0 = lowest), polarity: low is concern
-- grain:   one row per school            reads: attainment8_pooled
-- source:  ks4 (ATT8SCR), ranked within the fifth of schools with a like share of disadvantaged pupils (census)
-- missing: the latest year's own reason; no_ranking where the share is not known
with final as (
    select urn, period, measured_on, similar_rank_pct as value, figure, pupils as denominator,
           coalesce(missing_reason, if(similar_rank_pct is null, 'no_ranking', null)) as missing_reason,
           release_id, published_on, source_row
    from attainment8_pooled
)
select * from final
