using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Transactions;

/// <summary>Asks for a producer id that nobody has.</summary>
/// <param name="deliver">Takes it there.</param>
/// <param name="goOn">With the id; null where there is none to be had now.</param>
internal sealed class ProducerIdRequest(Action<PeerRequest> deliver, Action<long?, Outcome> goOn) : PeerRequest(deliver)
{
    private bool _isAnswered;

    public override IMessage Request { get; } = new InitProducerIdRequest();

    public override void Answered(IMessage? response, Outcome outcome)
    {
        if (_isAnswered) return;
        _isAnswered = true;
        goOn(response is InitProducerIdResponse { ErrorCode: Protocol.Errors.ErrorCode.None } answer ? answer.ProducerId : null, outcome);
    }
}
