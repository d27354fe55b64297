namespace Moldau.Broker.Settings.Start;

/// <summary>The settings given at a start cannot be started with.</summary>
public sealed class StartSettingsException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    /// <summary>A sentence each, with the place.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
