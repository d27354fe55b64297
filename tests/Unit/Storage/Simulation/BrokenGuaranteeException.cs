namespace Moldau.Unit.Storage.Simulation;

/// <summary>What a simulation found to be otherwise than promised.</summary>
internal sealed class BrokenGuaranteeException(string what) : Exception(what);
