-- measure: rwm_disadvantaged_gap_pp      unit: percentage points, polarity: low is concern
-- grain:   one row per school            reads: pooled_shares
-- source:  ks2 (PTRWM_EXP_FSM6CLA1A, TFSM6CLA1A), last three results years together
-- missing: the latest year's own reason; too_few_pupils; no_benchmark
with final as (
    select urn, period, measured_on, figure - national as value, lower - national as lower,
           upper - national as upper, n as denominator, figure, national as benchmark, missing_reason,
           release_id, published_on, source_row, weight, caveat
    from pooled_shares
    where share_id = 'rwm_disadvantaged_pct'
)
select * from final
