using Moldau.Broker.Security.Certificates;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Storage.Files;

namespace Moldau.Broker.Security.Tls;

/// <summary>A change of settings that would leave a listener with certificates it cannot use, found out before it is stored.</summary>
internal static class TlsChange
{
    /// <returns>What is wrong with what the change makes different, a sentence; null where nothing is.</returns>
    public static string? Fault(BrokerSettings before, BrokerSettings after, ISmallFiles files)
    {
        foreach (var listener in before.Listeners.Listeners)
        {
            if (listener.Protocol is not ("SSL" or "SASL_SSL")) continue;
            var settings = after.Tls(listener.Name);
            if (settings == before.Tls(listener.Name)) continue;
            try
            {
                TlsContext.Of(settings, TlsFiles.Read(settings, files));
            }
            catch (StoreException fault)
            {
                return $"listener {listener.Name} could not speak {listener.Protocol} so: {fault.Message}";
            }
        }

        return null;
    }
}
