"""Sound in tissue, made simple enough to run live: beam, speckle, deformation, Doppler, needle and filler."""
