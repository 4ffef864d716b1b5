/// The version of Isocost, as stored with every run.
public let isocostVersion = "0.1.0"
