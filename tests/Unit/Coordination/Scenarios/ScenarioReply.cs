using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>Writes down what somebody is told.</summary>
internal sealed class ScenarioReply<TResponse>(string who, Action<string> tell) : PendingReply<TResponse>(new TResponse())
    where TResponse : class, IMessage, new()
{
    private bool _isGiven;

    public override void Send() => Tell(MessageWords.Of(Response));

    public override void Fail(ErrorCode code, string? message) => Tell($"fails with {code}");

    private void Tell(string what)
    {
        if (_isGiven) return;
        _isGiven = true;
        tell($"{who} <- {typeof(TResponse).Name.Replace("Response", "", StringComparison.Ordinal)} {what}".TrimEnd());
    }
}
