"""Pictures over the network by OpenIGTLink: `source` the frames of a server, `messages` whole messages out of its bytes."""
