using Moldau.Protocol.Errors;

namespace Moldau.Broker.Settings.Changes;

/// <summary>What came of a change that was asked for.</summary>
/// <param name="Error">None where it is possible.</param>
/// <param name="Message">What is wrong; null where nothing is.</param>
/// <param name="Values">All that is to be set for the resource; as it was where the change is not possible.</param>
public sealed record SettingOutcome(ErrorCode Error, string? Message, IReadOnlyDictionary<string, string> Values)
{
    public bool IsPossible => Error == ErrorCode.None;
}
