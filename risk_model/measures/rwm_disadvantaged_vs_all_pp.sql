-- measure: rwm_disadvantaged_vs_all_pp   unit: percentage points, polarity: high is good
-- grain:   one row per school            reads: pooled_shares
-- source:  ks2 (PTRWM_EXP_FSM6CLA1A against PTRWM_EXP of all pupils nationally), three years together
-- missing: the latest year's own reason; too_few_pupils below twenty pupils; no_benchmark
with final as (
    select urn, period, measured_on, figure - national_all as value, n as denominator, figure,
           national_all as benchmark,
           case when missing_reason <> 'no_benchmark' then missing_reason
                when n < 20 then 'too_few_pupils'
                when national_all is null then 'no_benchmark' end as missing_reason,
           release_id, published_on, source_row, 1.0 as weight, caveat
    from pooled_shares
    where share_id = 'rwm_disadvantaged_pct'
)
select * from final
