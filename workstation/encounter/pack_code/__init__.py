"""The code on a product's pack: lot, expiry, GTIN and serial into the open product's form, from a hand scanner or a camera.

bar       beside the form: a line for a hand scanner, a camera, a picture; `control` is what it does
looking   a camera or a picture looked at until a GS1 code is seen. No Qt
filling   what a code changes in a product, and what has to be asked before. No Qt
"""
