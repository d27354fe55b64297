using Moldau.Protocol.Errors;

namespace Moldau.Client.Producing;

/// <summary>Another producer has begun under the same transactional id, so this one can never write again. Dispose it; its records were aborted.</summary>
public sealed class ProducerFencedException : KafkaException
{
    public ProducerFencedException(ErrorCode code, string transactionalId, Exception? inner = null)
        : base(code, $"another producer has begun as '{transactionalId}', or its time was over ({code.Name()}); this one can only be disposed", transactionalId, inner)
    {
        IsTransient = false;
        IsFatal = true;
    }
}
