"""What is said of faults that change nothing stays true of the code as it is."""

from tests.mutants.faults import faults_that_change_nothing, found_faults


def test_each_fault_that_is_said_to_change_nothing_could_still_be_put_in() -> None:
    assert faults_that_change_nothing() <= {fault.name for fault in found_faults()}
