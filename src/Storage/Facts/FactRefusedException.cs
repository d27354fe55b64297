namespace Moldau.Storage.Facts;

/// <summary>A transaction that was not taken on, and so not applied.</summary>
public sealed class FactRefusedException(FactRefusal refusal, string message, Exception? inner = null) : Exception(message, inner)
{
    public FactRefusal Refusal { get; } = refusal;
}
