"""What the workstation does with servers, over `dicom_io.network` and the outbox: known nodes and their secrets,
sending, commitment, receiving, retrieving, the day's list. No Qt."""
