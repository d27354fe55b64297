namespace Moldau.Unit.Storage.Simulation;

/// <summary>The process was killed in the middle of a step: nothing of it runs any more.</summary>
internal sealed class ProcessDiedException() : Exception("the process was killed");
