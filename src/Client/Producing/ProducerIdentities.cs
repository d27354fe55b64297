using Moldau.Client.Connections;
using Moldau.Client.Producing.Transactions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Producing;

/// <summary>Who an idempotent producer is to brokers. The delivery loop's alone, but for the asking, which wakes it when it is over.</summary>
internal sealed class ProducerIdentities(ClientCore core, TransactionSession? transactions, Action wake, CancellationToken closing)
{
    private Task<InitProducerIdResponse>? _asking;

    private (long Id, short Epoch)? _own;

    /// <summary>Null until it is known. In transactions their coordinator says.</summary>
    public (long Id, short Epoch)? Current => transactions is null ? _own : transactions.Identity;

    /// <summary>Why it could not be asked for; told once.</summary>
    public KafkaException? TakeFailure()
    {
        if (_asking is not { IsCompleted: true } asked) return null;
        _asking = null;
        if (asked.IsCompletedSuccessfully)
        {
            _own = (asked.Result.ProducerId, asked.Result.ProducerEpoch);
            return null;
        }

        var failure = asked.Exception?.InnerException;
        return failure as KafkaException ?? new KafkaException(ErrorCode.UnknownServerError, $"no producer id: {failure?.Message ?? "the client is closed"}", null, failure);
    }

    /// <summary>Asks, where it is neither known nor asked for.</summary>
    public void Ask()
    {
        if (transactions is not null || Current is not null || _asking is not null) return;
        _asking = core.Router.AskAsync<InitProducerIdResponse>(
            Destination.Any, ApiKey.InitProducerId, new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = int.MaxValue },
            static answer => (answer.ErrorCode, null), closing);
        _ = _asking.ContinueWith(_ => wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>
    /// The next epoch (KIP-360): what came under the last is refused from its first batch on. Outside transactions a producer takes it itself;
    /// where they are used up it becomes another producer.
    /// </summary>
    public void Advance((long Id, short Epoch) from)
    {
        if (transactions is not null || Current != from) return;
        _own = from.Epoch < short.MaxValue ? (from.Id, (short)(from.Epoch + 1)) : null;
    }
}
