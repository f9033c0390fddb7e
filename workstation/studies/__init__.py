"""Studies: the one in hand and how it is saved; stored ones read back, from the archive or from bare files; import,
correction of the patient, what may leave, what an audit judges. No Qt."""
