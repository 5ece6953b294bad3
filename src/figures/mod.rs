//! What does a run look like? One file per figure, generic over plotters' `DrawingBackend`.
