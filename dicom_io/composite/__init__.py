"""What objects of different kinds have in common: shared modules, identity, and the items of structured reports.

modules         patient, study, series, equipment         content_items, raw_content    SR content items, made and read
identity        whose an object is                        sr_document                   what every report says beside it
printed         what the probe printed on its screen
"""
