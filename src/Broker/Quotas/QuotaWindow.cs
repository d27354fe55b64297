namespace Moldau.Broker.Quotas;

/// <summary>Over how much time a rate is taken: so many windows of so many seconds.</summary>
internal readonly record struct QuotaWindow(int Count, int Seconds)
{
    public int Milliseconds => Seconds * 1000;
}
