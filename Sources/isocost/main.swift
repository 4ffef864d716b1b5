print("isocost")
