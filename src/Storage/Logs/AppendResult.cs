using Moldau.Storage.Producers;

namespace Moldau.Storage.Logs;

/// <summary>What became of an append. Only what was appended, or had been before, has offsets.</summary>
public readonly record struct AppendResult(AppendOutcome Outcome, long BaseOffset, long LastOffset, ProducerCheck Check = default)
{
    internal static AppendResult Of(AppendOutcome outcome) => new(outcome, -1, -1);

    internal static AppendResult Of(in ProducerCheck check) => check.IsDuplicate
        ? new AppendResult(AppendOutcome.Duplicate, check.Earlier.BaseOffset, check.Earlier.LastOffset, check)
        : new AppendResult(AppendOutcome.Refused, -1, -1, check);
}
