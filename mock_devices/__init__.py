"""mock_devices"""
