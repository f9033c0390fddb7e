"""Objects that were saved under the wrong patient: made anew under the right one, and the old ones hidden, not erased.

images, report    the object under its right identity        rejection    the note that hides, with the standard's reason
"""
