namespace Moldau.Broker.Security.Sasl;

/// <summary>This side of a mechanism's conversation with one client: a token in, a token and an outcome out.</summary>
internal abstract class SaslServer : IDisposable
{
    public abstract ValueTask<SaslStep> StepAsync(ReadOnlyMemory<byte> token);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
